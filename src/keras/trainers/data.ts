/** What `fit`, `evaluate` and `predict` are given: checked, of one length, split, and put on the device. */
import type { Tensor } from "../../engine/index.ts";
import {
  DTypeError,
  isFloat,
  Resident,
  ShapeError,
  show,
  showShape,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { floatx } from "../config/config.ts";

/** Arrays of one length: inputs, and for training targets and weights. */
export interface Arrays {
  readonly x: Tensor;
  readonly y: Tensor | undefined;
  readonly sampleWeight: Tensor | undefined;
}

/** The number of samples. */
export function samplesOf(data: Arrays): number {
  return data.x.shape[0]!;
}

function asArray(value: TensorLike | undefined | null, name: string, where: string): Tensor | undefined {
  if (value === undefined || value === null) return undefined;
  let tensor: Tensor;
  try {
    tensor = toTensor(value);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const Kind =
      error instanceof ShapeError ? ShapeError : error instanceof DTypeError ? DTypeError : ValueError;
    throw new Kind(`${where}: ${name} cannot be used as an array. ${error.message}`, { cause: error });
  }
  if (tensor.ndim === 0) {
    throw new ShapeError(`${where}: ${name} needs an axis of samples. Received a scalar: ${show(value)}`);
  }
  return isFloat(tensor.dtype) ? tensor.astype(floatx()) : tensor;
}

/**
 * Checks the arrays of a call.
 *
 * @throws ValueError when there are no samples or the numbers of samples differ
 */
export function checkArrays(
  where: string,
  x: TensorLike,
  y?: TensorLike | null,
  sampleWeight?: TensorLike | null,
): Arrays {
  if (x === undefined || x === null)
    throw new ValueError(`${where}: expected input data x. Received: ${show(x)}`);
  const data = {
    x: asArray(x, "x", where)!,
    y: asArray(y, "y", where),
    sampleWeight: asArray(sampleWeight, "sampleWeight", where),
  };
  const sizes = Object.entries(data).flatMap(([name, t]) =>
    t === undefined ? [] : [`${name}: ${t.shape[0]}`],
  );
  if (new Set(sizes.map((s) => s.split(": ")[1])).size > 1) {
    throw new ValueError(
      `${where}: data cardinality is ambiguous, all arrays need the same number of samples. Received: ${sizes.join(", ")}`,
    );
  }
  if (samplesOf(data) === 0)
    throw new ValueError(
      `${where}: expected at least one sample. Received x of shape ${showShape(data.x.shape)}`,
    );
  return data;
}

/**
 * Puts the last part of the data aside for validation, before any shuffling.
 *
 * @param split the fraction, between 0 and 1
 */
export function splitArrays(data: Arrays, split: number): [Arrays, Arrays] {
  const n = samplesOf(data);
  const at = Math.floor(n * (1 - split));
  if (at === 0 || at === n) {
    throw new ValueError(
      `fit: the ${n} samples cannot be split by validationSplit=${split} without leaving the training or the validation ` +
        "data empty. Give more samples or another split.",
    );
  }
  const part = (start: number, stop: number): Arrays => ({
    x: data.x.slice(start, stop),
    y: data.y?.slice(start, stop),
    sampleWeight: data.sampleWeight?.slice(start, stop),
  });
  return [part(0, at), part(at, n)];
}

const roundHalfToEven = (x: number): number => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

/**
 * Weights by class turned into weights by sample.
 *
 * @throws ValueError when a weight is no number or there are no targets that name classes
 */
export function classWeights(y: Tensor | undefined, weights: Readonly<Record<string, number>>): Float32Array {
  if (y === undefined) throw new ValueError("fit: classWeight needs targets y.");
  for (const [label, weight] of Object.entries(weights)) {
    if (typeof weight === "number" && Number.isFinite(weight) && /^-?\d+$/.test(label)) continue;
    throw new ValueError(
      `fit: classWeight has a finite number for each class number. Received: {${label}: ${show(weight)}}`,
    );
  }
  const columns = y.ndim > 1 ? y.shape[y.ndim - 1]! : 1;
  if (y.ndim > 2)
    throw new ValueError(
      `fit: classWeight is supported for targets of rank 1 or 2. Received shape ${showShape(y.shape)}`,
    );
  const values = y.dataSync();
  const n = y.shape[0]!;
  return Float32Array.from({ length: n }, (_, i) => {
    let label = roundHalfToEven(values[i * columns]!);
    if (columns > 1) {
      label = 0;
      for (let c = 1; c < columns; c++)
        if (values[i * columns + c]! > values[i * columns + label]!) label = c;
    }
    return weights[String(label)] ?? 1;
  });
}

/** Arrays in device memory, so that no call of a program has to copy them. */
export class ResidentArrays {
  readonly #memory: Resident[] = [];
  readonly arrays: Arrays;

  constructor(data: Arrays) {
    const put = (t: Tensor): Tensor => {
      const memory = new Resident(t);
      this.#memory.push(memory);
      return memory.tensor;
    };
    this.arrays = {
      x: put(data.x),
      y: data.y && put(data.y),
      sampleWeight: data.sampleWeight && put(data.sampleWeight),
    };
  }

  /** Frees the memory; the arrays cannot be read afterwards. */
  dispose(): void {
    for (const memory of this.#memory) memory.dispose();
  }
}
