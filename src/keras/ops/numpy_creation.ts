/** NumPy's functions that make tensors. */
import * as engine from "../../engine/index.ts";
import {
  asDType,
  checkOptions,
  type DType,
  isFloat,
  normalizeAxis,
  type Shape,
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
  tensor,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import { offsets } from "./diagonal_offsets.ts";

/** Options that say no more than a dtype. */
export interface DTypeOptions {
  /** The dtype of the result. */
  readonly dtype?: DType | null;
}

/** A shape, or the length of the only axis. */
export type ShapeLike = Shape | number;

function shapeOf(shape: ShapeLike): Shape {
  return typeof shape === "number" ? [shape] : shape;
}

/**
 * A tensor of numbers, nested arrays, or a typed array.
 *
 * @param x whole numbers give int32, booleans bool, other numbers float32; typed arrays keep their type
 * @param options `dtype` (default: from the values)
 *
 * @example
 * ```ts
 * ops.array([[1, 2], [3, 4]]).shape; // → [2, 2]
 * ```
 */
export function array(x: TensorLike, options: DTypeOptions = {}): Tensor {
  checkOptions("array", options, ["dtype"]);
  return toTensor(x, options.dtype ?? undefined);
}

/**
 * A copy; tensors never change, so it is the tensor itself.
 *
 * @example
 * ```ts
 * copy([1, 2]).arraySync(); // → [1, 2]
 * ```
 */
export function copy(x: TensorLike): Tensor {
  return toTensor(x);
}

/**
 * A tensor with one number in every element.
 *
 * @param fillValue a number, or a tensor that is broadcast
 * @param options `dtype` (default `floatx()`)
 *
 * @example
 * ```ts
 * full([2, 2], 7).arraySync(); // → [[7, 7], [7, 7]]
 * ```
 */
export function full(shape: ShapeLike, fillValue: TensorLike, options: DTypeOptions = {}): Tensor {
  checkOptions("full", options, ["dtype"]);
  const dtype = options.dtype ?? floatx();
  const dims = shapeOf(shape);
  if (typeof fillValue === "number" || typeof fillValue === "boolean")
    return engine.full(dims, fillValue, dtype);
  return engine.broadcastTo(toTensor(fillValue, dtype), dims);
}

/**
 * A tensor of zeros.
 *
 * @param options `dtype` (default `floatx()`)
 *
 * @example
 * ```ts
 * zeros([2, 2]).arraySync(); // → [[0, 0], [0, 0]]
 * ```
 */
export function zeros(shape: ShapeLike, options: DTypeOptions = {}): Tensor {
  return full(shape, 0, options);
}

/**
 * A tensor of ones.
 *
 * @param options `dtype` (default `floatx()`)
 *
 * @example
 * ```ts
 * ones([2, 2]).arraySync(); // → [[1, 1], [1, 1]]
 * ```
 */
export function ones(shape: ShapeLike, options: DTypeOptions = {}): Tensor {
  return full(shape, 1, options);
}

/**
 * A tensor whose elements do not matter; they are zeros.
 *
 * @param options `dtype` (default `floatx()`)
 *
 * @example
 * ```ts
 * shape(empty([2, 3])); // → [2, 3]
 * ```
 */
export function empty(shape: ShapeLike, options: DTypeOptions = {}): Tensor {
  return full(shape, 0, options);
}

/**
 * One number in the shape of another tensor.
 *
 * @param options `dtype` (default: that of x)
 *
 * @example
 * ```ts
 * fullLike([1, 2], 7).arraySync(); // → [7, 7]
 * ```
 */
export function fullLike(x: TensorLike, fillValue: TensorLike, options: DTypeOptions = {}): Tensor {
  const { shape, dtype } = toTensor(x);
  return full(shape, fillValue, { ...options, dtype: options.dtype ?? dtype });
}

/**
 * Zeros in the shape of another tensor.
 *
 * @param options `dtype` (default: that of x)
 *
 * @example
 * ```ts
 * zerosLike([1, 2]).arraySync(); // → [0, 0]
 * ```
 */
export function zerosLike(x: TensorLike, options: DTypeOptions = {}): Tensor {
  return fullLike(x, 0, options);
}

/**
 * Ones in the shape of another tensor.
 *
 * @param options `dtype` (default: that of x)
 *
 * @example
 * ```ts
 * onesLike([1, 2]).arraySync(); // → [1, 1]
 * ```
 */
export function onesLike(x: TensorLike, options: DTypeOptions = {}): Tensor {
  return fullLike(x, 1, options);
}

/**
 * A tensor in the shape of another one whose elements do not matter; they are zeros.
 *
 * @param options `dtype` (default: that of x)
 *
 * @example
 * ```ts
 * shape(emptyLike([1, 2])); // → [2]
 * ```
 */
export function emptyLike(x: TensorLike, options: DTypeOptions = {}): Tensor {
  return fullLike(x, 0, options);
}

/**
 * Evenly spaced numbers, `arange(stop)`, `arange(start, stop)` or `arange(start, stop, step)`; `stop` is left out.
 *
 * @param options `dtype` (default: int32 for whole numbers, else `floatx()`)
 *
 * @example
 * ```ts
 * ops.arange(2, 10, 3).arraySync(); // → [2, 5, 8]
 * ```
 */
export function arange(start: number, stop?: number | null, step = 1, options: DTypeOptions = {}): Tensor {
  checkOptions("arange", options, ["dtype"]);
  const [from, to] = stop === undefined || stop === null ? [0, start] : [start, stop];
  if (!(Number.isFinite(from) && Number.isFinite(to) && Number.isFinite(step)) || step === 0) {
    throw new ValueError(
      `arange: expected numbers and a step that is not 0. Received: start=${from}, stop=${to}, step=${step}`,
    );
  }
  const count = Math.max(0, Math.ceil((to - from) / step));
  const whole = Number.isInteger(from) && Number.isInteger(step) && Number.isInteger(to);
  const dtype = options.dtype ?? (whole ? "int32" : floatx());
  if (whole && dtype === "int32") return engine.add(engine.multiply(engine.iota([count]), step), from);
  const values = Float64Array.from({ length: count }, (_, i) => from + i * step);
  return tensor(values, { dtype });
}

/** Options of `linspace` and `logspace`. */
export interface SpaceOptions extends DTypeOptions {
  /** How many. Default 50. */
  readonly num?: number;
  /** Whether the last one is `stop`. Default true. */
  readonly endpoint?: boolean;
  /** Where the new axis goes when start or stop are tensors. Default 0. */
  readonly axis?: number;
}

const spaceOptions = ["num", "endpoint", "dtype", "axis"];

/**
 * Evenly spaced numbers from `start` to `stop`: `linspace(0, 1)`, `linspace(0, 1, 5)`, `linspace(0, 1, { num: 5 })`.
 *
 * @param num how many (default 50), or options: `num`, `endpoint` (default true), `dtype` (default `floatx()`), `axis`
 *   (default 0), `retstep` (default false): whether to give the distance of neighbours too
 *
 * @example
 * ```ts
 * ops.linspace(0, 1, 5).arraySync(); // → [0, 0.25, 0.5, 0.75, 1]
 * ```
 */
export function linspace(
  start: TensorLike,
  stop: TensorLike,
  num: SpaceOptions & { readonly retstep: true },
): [Tensor, Tensor];
export function linspace(start: TensorLike, stop: TensorLike, num?: number | SpaceOptions): Tensor;
export function linspace(
  start: TensorLike,
  stop: TensorLike,
  num: number | (SpaceOptions & { readonly retstep?: boolean }) = {},
): Tensor | [Tensor, Tensor] {
  const options = typeof num === "number" ? { num } : num;
  checkOptions("linspace", options, [...spaceOptions, "retstep"]);
  const values = spaced(start, stop, options);
  if (!options.retstep) return values;
  const { num: count = 50, endpoint = true } = options;
  return [values, engine.divide(engine.subtract(stop, start), endpoint ? count - 1 : count)];
}

function spaced(start: TensorLike, stop: TensorLike, options: SpaceOptions): Tensor {
  const { num = 50, endpoint = true, axis = 0 } = options;
  if (!Number.isInteger(num) || num < 0) {
    throw new ValueError(`linspace: num is a whole number that is not negative. Received: ${num}`);
  }
  const steps = endpoint ? num - 1 : num;
  const dtype = options.dtype ?? floatx();
  if (typeof start === "number" && typeof stop === "number") {
    const step = steps > 0 ? (stop - start) / steps : 0;
    const value = (i: number): number => (endpoint && i === num - 1 && num > 1 ? stop : start + i * step);
    const cut = isFloat(asDType(dtype, "linspace")) ? (v: number): number => v : Math.floor;
    return tensor(
      Float64Array.from({ length: num }, (_, i) => cut(value(i))),
      { dtype },
    );
  }
  const [a, b] = [toTensor(start, "float32"), toTensor(stop, "float32")];
  const span = engine.subtract(b, a);
  const at = axis < 0 ? axis + span.ndim + 1 : axis;
  if (!(at >= 0 && at <= span.ndim))
    throw new ShapeError(`linspace: no axis ${axis} for ${showShape(span.shape)}`);
  const along = span.shape.toSpliced(at, 0, 1);
  const position = spaced(0, 1, { num, endpoint }).reshape(along.map((_, i) => (i === at ? num : 1)));
  const wide = (x: Tensor): Tensor => engine.broadcastTo(x, span.shape).reshape(along);
  // start·(1 - t) + stop·t meets both ends exactly.
  const blend = engine.add(
    engine.multiply(wide(a), engine.subtract(1, position)),
    engine.multiply(wide(b), position),
  );
  return (isFloat(dtype) ? blend : engine.floor(blend)).astype(dtype);
}

/**
 * Numbers evenly spaced on a logarithmic scale, from base^start to base^stop.
 *
 * @param num how many (default 50), or options: those of `linspace`, and `base` (default 10)
 *
 * @example
 * ```ts
 * ops.logspace(0, 3, 4).arraySync(); // → [1, 10, 100, 1000]
 * ```
 */
export function logspace(
  start: TensorLike,
  stop: TensorLike,
  num: number | (SpaceOptions & { readonly base?: number }) = {},
): Tensor {
  const given = typeof num === "number" ? { num } : num;
  checkOptions("logspace", given, [...spaceOptions, "base"]);
  const { base = 10, dtype, ...rest }: SpaceOptions & { readonly base?: number } = given;
  const target = dtype ?? floatx();
  if (typeof start === "number" && typeof stop === "number") {
    const exponents = spaced(start, stop, { ...rest, dtype: "float64" }).dataSync();
    return tensor(Float64Array.from(exponents, (e) => base ** e)).astype(target);
  }
  const exponents = spaced(start, stop, { ...rest, dtype: isFloat(target) ? target : "float32" });
  return engine.power(base, exponents).astype(target);
}

/** Options of `eye` and `tri`. */
export interface DiagonalOptions extends DTypeOptions {
  /** The number of columns. Default: that of rows. */
  readonly M?: number | null;
  /** The diagonal: 0 is the main one, positive ones lie above it. Default 0. */
  readonly k?: number;
}

/**
 * A matrix with ones on a diagonal and zeros elsewhere.
 *
 * @param N the number of rows
 * @param options `M`: the number of columns (default N); `k`: the diagonal (default 0); `dtype` (default `floatx()`)
 *
 * @example
 * ```ts
 * eye(2, { M: 3 }).arraySync(); // → [[1, 0, 0], [0, 1, 0]]
 * ```
 */
export function eye(N: number, options: DiagonalOptions = {}): Tensor {
  checkOptions("eye", options, ["M", "k", "dtype"]);
  return engine.equal(offsets(N, options.M ?? N), options.k ?? 0).astype(options.dtype ?? floatx());
}

/**
 * The identity matrix of order n.
 *
 * @param options `dtype` (default `floatx()`)
 *
 * @example
 * ```ts
 * identity(2).arraySync(); // → [[1, 0], [0, 1]]
 * ```
 */
export function identity(n: number, options: DTypeOptions = {}): Tensor {
  checkOptions("identity", options, ["dtype"]);
  return eye(n, options);
}

/** Options of `meshgrid`. */
export interface MeshgridOptions {
  /** `"xy"` (default): the second vector runs along the first axis; `"ij"`: the first one does. */
  readonly indexing?: "xy" | "ij";
}

/**
 * Coordinate grids of vectors: `meshgrid(x, y)`.
 *
 * @param args vectors; options may follow, `{ indexing: "ij" }`
 *
 * @example
 * ```ts
 * const [x, y] = ops.meshgrid([1, 2], [3, 4]);
 * x?.arraySync(); // → [[1, 2], [1, 2]]
 * y?.arraySync(); // → [[3, 3], [4, 4]]
 * ```
 */
export function meshgrid(...args: (TensorLike | MeshgridOptions)[]): Tensor[] {
  const last = args[args.length - 1];
  const given = last !== undefined && isOptions(last);
  const options = given ? (last as MeshgridOptions) : {};
  checkOptions("meshgrid", options, ["indexing"]);
  const vectors = args.slice(0, given ? -1 : undefined).map((x) => toTensor(x as TensorLike).flatten());
  const swap = (options.indexing ?? "xy") === "xy" && vectors.length > 1;
  const axisOf = (i: number): number => (swap && i < 2 ? 1 - i : i);
  const shape = new Array<number>(vectors.length);
  vectors.forEach((v, i) => {
    shape[axisOf(i)] = v.size;
  });
  return vectors.map((v, i) =>
    engine.broadcastTo(v.reshape(shape.map((n, d) => (d === axisOf(i) ? n : 1))), shape),
  );
}

/** Whether an argument is a plain object, and so no tensor. */
function isOptions(x: object | number | boolean): boolean {
  return typeof x === "object" && Object.getPrototypeOf(x) === Object.prototype;
}

/**
 * Numbers with a constant ratio between neighbours.
 *
 * @param start not 0
 * @param stop of the sign of `start`
 * @param num how many, or options: `num` (default 50), `endpoint` (default true), `dtype`, `axis` (default 0)
 *
 * @example
 * ```ts
 * ops.geomspace(1, 8, 4).arraySync(); // → [1, 2, 4, 8]
 * ```
 */
export function geomspace(start: TensorLike, stop: TensorLike, num: number | SpaceOptions = {}): Tensor {
  const options = typeof num === "number" ? { num } : num;
  checkOptions("geomspace", options, spaceOptions);
  const { dtype, axis = 0, ...rest }: SpaceOptions = options;
  const given = engine.add(toTensor(start), toTensor(stop)).dtype;
  const target = dtype ?? (isFloat(given) ? given : floatx());
  // With all digits: single steps multiply up to large ratios.
  const [first, last] = [toTensor(start, "float64"), toTensor(stop, "float64")];
  const logs = spaced(engine.log(engine.abs(first)), engine.log(engine.abs(last)), {
    ...rest,
    axis: 0,
    dtype: "float64",
  });
  const values = engine.multiply(engine.exp(logs), engine.sign(first)).astype(target);
  const at = normalizeAxis(axis, values.ndim, "geomspace");
  const order = values.shape.map((_, i) => i).slice(1);
  return values.transpose(order.toSpliced(at, 0, 0));
}
