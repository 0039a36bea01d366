/** keras.ops.core: dtypes, slices, loops. */
import * as engine from "../../engine/index.ts";
import {
  asDType,
  checkOptions,
  type DType,
  integerRange,
  isFloat,
  type ScatterKind,
  type Shape,
  ShapeError,
  showShape,
  Tensor,
  type TensorLike,
  tensor,
  toTensor,
  UnsupportedError,
  ValueError,
} from "../../engine/index.ts";
import { refuseSparse } from "./convert.ts";

export { cast, customGradient, stopGradient } from "../../engine/index.ts";

/**
 * Whether something is a tensor (an array of numbers is not).
 *
 * @example
 * ```ts
 * isTensor([1, 2]); // → false
 * ```
 */
export function isTensor(x: unknown): x is Tensor {
  return x instanceof Tensor;
}

/** Options of `convertToTensor`. */
export interface ConvertToTensorOptions {
  /** The dtype of the result. Default: from the values. */
  readonly dtype?: DType | null;
  /** Not supported when true: tensors are dense. */
  readonly sparse?: boolean | null;
  /** Not supported when true: all rows of a tensor have one length. */
  readonly ragged?: boolean | null;
}

/**
 * A tensor of anything that can be one.
 *
 * @param options `dtype` (default: from the values)
 * @throws UnsupportedError for `sparse` and `ragged`
 *
 * @example
 * ```ts
 * convertToTensor([1, 2], { dtype: "int32" }).dtype; // → int32
 * ```
 */
export function convertToTensor(x: TensorLike, options: ConvertToTensorOptions = {}): Tensor {
  checkOptions("convertToTensor", options, ["dtype", "sparse", "ragged"]);
  refuseSparse("convertToTensor", options.sparse);
  if (options.ragged) throw new UnsupportedError("convertToTensor: ragged tensors are not supported.");
  return toTensor(x, options.dtype ?? undefined);
}

/**
 * The values of a tensor as an array that has no past: what becomes of it has no gradient.
 *
 * @throws StateError inside a compiled function, where values are not known
 *
 * @example
 * ```ts
 * ops.convertToNumpy(ops.ones([2])).arraySync(); // → [1, 1]
 * ```
 */
export function convertToNumpy(x: TensorLike): Tensor {
  const t = toTensor(x);
  return tensor(t.dataSync().slice(), { dtype: t.dtype, shape: t.shape });
}

/**
 * The same bytes read as another dtype; where its elements are of another width, the last axis becomes longer or shorter.
 *
 * @param options `dtype`: as which the bits are read (default: that of x)
 * @throws ShapeError when the last axis cannot be divided so, UnsupportedError for dtypes that have neither 8 nor 32 bits
 *
 * @example
 * ```ts
 * ops.view(ops.array([1], { dtype: "float32" }), { dtype: "int32" }).arraySync(); // → [1065353216]
 * ops.view(ops.array([258], { dtype: "int32" }), { dtype: "uint8" }).arraySync(); // → [2, 1, 0, 0]
 * ```
 */
export function view(x: TensorLike, options: { readonly dtype?: DType | null } = {}): Tensor {
  checkOptions("view", options, ["dtype"]);
  const t = toTensor(x);
  const dtype = options.dtype ? asDType(options.dtype, "view") : t.dtype;
  if (dtype === t.dtype) return t;
  const [from, to] = [t.dtype, dtype].map(engine.byteWidth) as [number, number];
  if (![from, to].every((width) => width === 1 || width === 4)) {
    throw new UnsupportedError(
      `view: ${t.dtype} cannot be read as ${dtype}; supported are dtypes of 8 and of 32 bits.`,
    );
  }
  if (from === to) return from === 4 ? engine.bitcast(t, dtype) : t.astype(dtype);
  const n = t.shape[t.ndim - 1];
  if (n === undefined || (n * from) % to !== 0) {
    throw new ShapeError(
      `view: ${t.dtype} of shape ${showShape(t.shape)} cannot be read as ${dtype}: the last axis has no multiple of ${to / from}.`,
    );
  }
  const before = t.shape.slice(0, -1);
  const places = engine.multiply(engine.iota([to > from ? to : from]), 8).astype("uint32");
  if (from > to) {
    const bits = engine.bitcast(t, "uint32").reshape([...before, n, 1]);
    const bytes = engine.bitwiseAnd(engine.shiftRightLogical(bits, places), 255);
    return bytes.reshape([...before, n * from]).astype(dtype);
  }
  const bytes = engine.bitwiseAnd(t.astype("uint32"), 255).reshape([...before, n / to, to]);
  return engine.bitcast(engine.sum(engine.shiftLeft(bytes, places), -1), dtype);
}

/**
 * The lengths of the axes.
 *
 * @example
 * ```ts
 * shape([[1, 2, 3]]); // → [1, 3]
 * ```
 */
export function shape(x: TensorLike): Shape {
  return toTensor(x).shape;
}

/**
 * The number of axes.
 *
 * @example
 * ```ts
 * ndim([[1, 2, 3]]); // → 2
 * ```
 */
export function ndim(x: TensorLike): number {
  return toTensor(x).ndim;
}

/**
 * The number of elements.
 *
 * @example
 * ```ts
 * size([[1, 2, 3]]); // → 3
 * ```
 */
export function size(x: TensorLike): number {
  return toTensor(x).size;
}

/**
 * The dtype of the elements.
 *
 * @example
 * ```ts
 * ops.dtype([[1.5]]); // → float32
 * ```
 */
export function dtype(x: TensorLike): DType {
  return toTensor(x).dtype;
}

/**
 * The elements in another dtype; what it cannot hold becomes the nearest number that it can.
 *
 * @example
 * ```ts
 * saturateCast([-5, 300], "uint8").arraySync(); // → [0, 255]
 * ```
 */
export function saturateCast(x: TensorLike, dtype: DType): Tensor {
  const t = toTensor(x);
  if (isFloat(asDType(dtype, "saturateCast")) || t.dtype === "bool") return t.astype(dtype);
  if (isFloat(t.dtype)) return (dtype === "bool" ? engine.greater(t, 0) : t).astype(dtype);
  const [from, to] = [integerRange(t.dtype), dtype === "bool" ? [0, 1] : integerRange(dtype)] as const;
  const [low, high] = [Math.max(from[0], to[0]), Math.min(from[1], to[1])];
  const limit = (v: number): Tensor => engine.full([], v, t.dtype);
  return engine.minimum(engine.maximum(t, limit(low)), limit(high)).astype(dtype);
}

/** The starts of a slice, one for each axis. */
function starts(x: TensorLike): TensorLike[] {
  if (Array.isArray(x)) return x as TensorLike[];
  const t = toTensor(x, "int32");
  return Array.from({ length: t.shape[0] ?? 0 }, (_, i) => t.at(i));
}

/**
 * The block of a given shape that begins at given indices, which may be known only at run time.
 *
 * @param startIndices one for each axis; they are moved so that the block lies inside
 * @param shape of the block; -1 means up to the end, where the start is a number
 *
 * @example
 * ```ts
 * slice([[1, 2, 3], [4, 5, 6]], [0, 1], [2, 2]).arraySync(); // → [[2, 3], [5, 6]]
 * ```
 */
export function slice(inputs: TensorLike, startIndices: TensorLike, shape: Shape): Tensor {
  const t = toTensor(inputs);
  const from = starts(startIndices);
  const sizes = shape.map((n, i) => {
    const start = from[i];
    return n === -1 && typeof start === "number" ? t.shape[i]! - start : n;
  });
  return engine.dynamicSlice(t, from, sizes);
}

/**
 * A copy with a block replaced.
 *
 * @param startIndices one for each axis; they are moved so that the block lies inside
 *
 * @example
 * ```ts
 * sliceUpdate([1, 2, 3, 4], [1], [8, 9]).arraySync(); // → [1, 8, 9, 4]
 * ```
 */
export function sliceUpdate(inputs: TensorLike, startIndices: TensorLike, updates: TensorLike): Tensor {
  return engine.dynamicUpdateSlice(inputs, updates, starts(startIndices));
}

/** Updates of whole slices: an index vector names the first axes, the rest of the slice follows. */
function scatterInto(x: Tensor, indices: TensorLike, updates: TensorLike, kind: ScatterKind): Tensor {
  const places = toTensor(indices, "int32");
  const depth = places.shape[places.ndim - 1];
  if (depth === undefined || depth > x.ndim) {
    throw new ValueError(
      `scatter: index vectors have at most ${x.ndim} components. Received indices of shape [${places.shape.join(", ")}]`,
    );
  }
  const batch = places.ndim - 1;
  const named = Array.from({ length: depth }, (_, i) => i);
  const lengths = toTensor(Int32Array.from(x.shape.slice(0, depth)));
  const dims = {
    offsetDims: Array.from({ length: x.ndim - depth }, (_, i) => batch + i),
    collapsedSliceDims: named,
    operandBatchingDims: [],
    indicesBatchingDims: [],
    startIndexMap: named,
  };
  const fromFront = engine.where(engine.less(places, 0), engine.add(places, lengths), places);
  return engine.scatter(x, fromFront, toTensor(updates, x.dtype), dims, kind);
}

/**
 * Zeros of a given shape with values added at index vectors.
 *
 * @param indices integers of shape (…, n): each vector names a place along the first n axes
 * @param values of shape (…, *shape[n:])
 *
 * @example
 * ```ts
 * scatter([[1], [3], [1]], [1, 2, 3], [4]).arraySync(); // → [0, 4, 0, 2]
 * ```
 */
export function scatter(indices: TensorLike, values: TensorLike, shape: Shape): Tensor {
  const updates = toTensor(values);
  return scatterInto(engine.full(shape, 0, updates.dtype), indices, updates, "add");
}

const reductions: Readonly<Record<string, ScatterKind>> = {
  add: "add",
  max: "max",
  min: "min",
  mul: "multiply",
};

/**
 * A copy with elements or slices replaced at index vectors.
 *
 * @param indices integers of shape (…, n): each vector names a place along the first n axes
 * @param updates of shape (…, *inputs.shape[n:])
 * @param options `reduction`: null (default) replaces; `"add"`, `"mul"`, `"max"`, `"min"` combine
 *
 * @example
 * ```ts
 * scatterUpdate([1, 2, 3], [[0], [2]], [8, 9]).arraySync(); // → [8, 2, 9]
 * ```
 */
export function scatterUpdate(
  inputs: TensorLike,
  indices: TensorLike,
  updates: TensorLike,
  options: { readonly reduction?: "add" | "mul" | "max" | "min" | null } = {},
): Tensor {
  checkOptions("scatterUpdate", options, ["reduction"]);
  const name = options.reduction ?? null;
  const kind = name === null ? "set" : reductions[name];
  if (kind === undefined) {
    throw new ValueError(
      `scatterUpdate: expected reduction null, "add", "mul", "max" or "min". Received: ${engine.show(name)}`,
    );
  }
  return scatterInto(toTensor(inputs), indices, updates, kind);
}
