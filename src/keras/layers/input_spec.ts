/** What a layer asks of its inputs. */
import {
  asDType,
  checkOptions,
  type DType,
  DTypeError,
  IndexError,
  ShapeError,
  show,
  showShape,
  Tensor,
  treeLeaves,
} from "../../engine/index.ts";
import { knownShape } from "../backend/abstract_call.ts";
import { type KerasShape, KerasTensor, standardizeShape } from "../backend/keras_tensor.ts";

/** Options of {@link InputSpec}. */
export interface InputSpecOptions {
  /** The dtype that inputs must have. Default: any. */
  readonly dtype?: DType | null;
  /** The whole shape, with the axis of samples; `null` fits any length. */
  readonly shape?: KerasShape | null;
  /** The number of axes. */
  readonly ndim?: number | null;
  /** The most axes that inputs may have. Default: any number. */
  readonly maxNdim?: number | null;
  /** The fewest axes that inputs may have. Default: any number. */
  readonly minNdim?: number | null;
  /** Lengths by axis; axes may be counted from the end. */
  readonly axes?: Readonly<Record<number, number | null>> | null;
  /** Whether a last axis of length 1 may be missing or too much. Default false. */
  readonly allowLastAxisSqueeze?: boolean;
  /** The key of this input where inputs come as an object. */
  readonly name?: string | null;
  /** Whether the input may be left out. Default false. */
  readonly optional?: boolean;
}

/**
 * What a layer asks of one input: rank, lengths, dtype. Layers set it as `inputSpec`; it is checked at each call.
 *
 * @throws IndexError when `axes` names an axis that `ndim` rules out
 *
 * @example
 * ```ts
 * const layer = new Flatten();
 * layer.inputSpec = new InputSpec({ minNdim: 2, axes: { [-1]: 2 } });
 * layer([[1, 2]]).shape; // → [1, 2]
 * layer([[1, 2, 3]]); // → throws ShapeError: Input 0 of layer
 * ```
 */
export class InputSpec {
  readonly dtype: DType | null;
  readonly shape: KerasShape | null;
  readonly ndim: number | null;
  readonly maxNdim: number | null;
  readonly minNdim: number | null;
  readonly axes: ReadonlyMap<number, number | null>;
  readonly allowLastAxisSqueeze: boolean;
  readonly name: string | null;
  readonly optional: boolean;

  constructor(options: InputSpecOptions = {}) {
    checkOptions("InputSpec", options, [
      ...["dtype", "shape", "ndim", "maxNdim", "minNdim", "axes"],
      ...["allowLastAxisSqueeze", "name", "optional"],
    ]);
    this.dtype = options.dtype ? asDType(options.dtype, "InputSpec") : null;
    this.shape = options.shape ? standardizeShape(options.shape, "InputSpec") : null;
    this.ndim = this.shape?.length ?? options.ndim ?? null;
    this.maxNdim = options.maxNdim ?? null;
    this.minNdim = options.minNdim ?? null;
    this.axes = new Map(Object.entries(options.axes ?? {}).map(([axis, length]) => [Number(axis), length]));
    this.allowLastAxisSqueeze = options.allowLastAxisSqueeze ?? false;
    this.name = options.name ?? null;
    this.optional = options.optional ?? false;
    const last = (this.ndim ?? this.maxNdim ?? Number.POSITIVE_INFINITY) - 1;
    for (const axis of this.axes.keys()) {
      if (axis > last) throw new IndexError(`InputSpec: axis ${axis} is greater than the last axis, ${last}`);
    }
  }

  /** What is wrong with an input, as the end of a sentence; nothing if it fits. */
  complaint(x: Tensor | KerasTensor): string | undefined {
    const shape = knownShape(x.shape);
    const ndim = shape.length;
    const received = `Full shape received: ${showShape(shape)}`;
    if (this.ndim !== null && !this.allowLastAxisSqueeze && ndim !== this.ndim) {
      return `expected ndim=${this.ndim}, found ndim=${ndim}. ${received}`;
    }
    if (this.maxNdim !== null && ndim > this.maxNdim) {
      return `expected maxNdim=${this.maxNdim}, found ndim=${ndim}. ${received}`;
    }
    if (this.minNdim !== null && ndim < this.minNdim) {
      return `expected minNdim=${this.minNdim}, found ndim=${ndim}. ${received}`;
    }
    for (const [axis, length] of this.axes) {
      const found = shape.at(axis) ?? null;
      if (length !== null && found !== null && found !== length) {
        return `expected axis ${axis} of the input's shape to have length ${length}. Received an input of shape ${showShape(shape)}`;
      }
    }
    if (this.shape !== null && !this.#fits(shape)) {
      return `expected shape=${showShape(this.shape)}, found shape=${showShape(shape)}`;
    }
    return undefined;
  }

  #fits(shape: KerasShape): boolean {
    const trim = (s: KerasShape): KerasShape =>
      this.allowLastAxisSqueeze && s.at(-1) === 1 ? s.slice(0, -1) : s;
    const [want, have] = [trim(this.shape!), trim(shape)];
    return (
      want.length === have.length && want.every((n, i) => n === null || have[i] === null || n === have[i])
    );
  }
}

/**
 * Checks inputs against what a layer asks of them.
 *
 * @throws ShapeError, DTypeError that name the layer, what it expects and what it got
 */
export function assertInputCompatibility(
  spec: InputSpec | readonly (InputSpec | null)[],
  inputs: unknown,
  layer: string,
): void {
  const specs = spec instanceof InputSpec ? [spec] : spec;
  const flat = treeLeaves(inputs);
  if (flat.length !== specs.length) {
    throw new ShapeError(
      `Layer "${layer}" expects ${specs.length} input(s), but it received ${flat.length} input tensors.`,
    );
  }
  specs.forEach((one, i) => {
    const x = flat[i];
    if (one === null || ((x === null || x === undefined) && one.optional)) return;
    if (!(x instanceof Tensor) && !(x instanceof KerasTensor)) {
      throw new ShapeError(`Inputs of layer "${layer}" should be tensors. Received: ${show(x)}`);
    }
    const name = one.name === null ? "" : ` with name "${one.name}"`;
    const head = `Input ${i}${name} of layer "${layer}" is incompatible with the layer: `;
    const wrong = one.complaint(x);
    if (wrong !== undefined) throw new ShapeError(head + wrong);
    if (one.dtype !== null && x.dtype !== one.dtype) {
      throw new DTypeError(`${head}expected dtype=${one.dtype}, found dtype=${x.dtype}`);
    }
  });
}
