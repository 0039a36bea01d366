/** What `fit`, `evaluate` and `predict` are given: checked, of one length, split, and put on the device. */
import {
  DTypeError,
  isFloat,
  Resident,
  ShapeError,
  show,
  showShape,
  Tensor,
  type TensorLike,
  type Tree,
  toTensor,
  treeLeaves,
  treeMap,
  ValueError,
} from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import { type LayerInputs, mapInputs } from "../layers/call_inputs.ts";
import { roundHalfToEven } from "../utils/numerical_utils.ts";

/** Tensors in arrays and plain objects; null where an input that is optional is left out. */
export type DataTree = Tree<Tensor | null>;

/** What data can be given as: one array, or several in arrays and plain objects. */
export type Data = LayerInputs | null;

/** Arrays of one length: inputs, and for training targets and weights. */
export interface Arrays {
  readonly x: DataTree;
  readonly y: DataTree | undefined;
  readonly sampleWeight: DataTree | undefined;
}

/** The tensors in a tree. */
export function tensorsOf(tree: unknown): Tensor[] {
  return treeLeaves(tree).filter((leaf) => leaf instanceof Tensor);
}

/** The number of samples. */
export function samplesOf(data: Pick<Arrays, "x">): number {
  return tensorsOf(data.x)[0]!.shape[0]!;
}

/** The arrays with each tensor replaced. */
export function mapArrays(data: Arrays, fn: (t: Tensor) => Tensor): Arrays {
  const map = <T extends DataTree | undefined>(tree: T): T =>
    treeMap((leaf) => (leaf instanceof Tensor ? fn(leaf) : leaf), tree) as T;
  return { x: map(data.x), y: map(data.y), sampleWeight: map(data.sampleWeight) };
}

function asArray(value: TensorLike, name: string, where: string): Tensor {
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

function asArrays(value: Data | undefined, name: string, where: string): DataTree | undefined {
  if (value === undefined || value === null) return undefined;
  return mapInputs(value, (leaf) => asArray(leaf as TensorLike, name, where)) as DataTree;
}

/**
 * Checks the arrays of a call.
 *
 * @throws ValueError when there are no samples or the numbers of samples differ
 */
export function checkArrays(where: string, x: Data, y?: Data, sampleWeight?: Data): Arrays {
  const data = {
    x: asArrays(x, "x", where),
    y: asArrays(y, "y", where),
    sampleWeight: asArrays(sampleWeight, "sampleWeight", where),
  };
  if (data.x === undefined || tensorsOf(data.x).length === 0)
    throw new ValueError(`${where}: expected input data x. Received: ${show(x)}`);
  const sizes = Object.entries(data).flatMap(([name, tree]) =>
    tensorsOf(tree).map((t) => `${name}: ${t.shape[0]}`),
  );
  if (new Set(sizes.map((s) => s.split(": ")[1])).size > 1) {
    throw new ValueError(
      `${where}: data cardinality is ambiguous, all arrays need the same number of samples. Received: ${sizes.join(", ")}`,
    );
  }
  const arrays = { ...data, x: data.x };
  if (samplesOf(arrays) === 0)
    throw new ValueError(
      `${where}: expected at least one sample. Received x of shape ${showShape(tensorsOf(arrays.x)[0]!.shape)}`,
    );
  return arrays;
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
  return [mapArrays(data, (t) => t.slice(0, at)), mapArrays(data, (t) => t.slice(at, n))];
}

/**
 * Weights by class turned into weights by sample.
 *
 * @throws ValueError when a weight is no number or there are no targets that name classes
 */
export function classWeights(
  targets: DataTree | undefined,
  weights: Readonly<Record<string, number>>,
): Float32Array {
  const all = tensorsOf(targets);
  const y = all[0];
  if (y === undefined) throw new ValueError("fit: classWeight needs targets y.");
  if (all.length > 1) {
    throw new ValueError(
      `fit: classWeight is only supported for models with a single output. Received ${all.length} targets`,
    );
  }
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
    this.arrays = mapArrays(data, (t) => {
      const memory = new Resident(t);
      this.#memory.push(memory);
      return memory.tensor;
    });
  }

  /** Frees the memory; the arrays cannot be read afterwards. */
  dispose(): void {
    for (const memory of this.#memory) memory.dispose();
  }
}
