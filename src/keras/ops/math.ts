/** keras.ops.math: what NumPy does not have. */
import * as engine from "../../engine/index.ts";
import {
  type Axes,
  checkOptions,
  type DType,
  isFloat,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  type Unary,
  ValueError,
} from "../../engine/index.ts";
import { toFloat } from "./convert.ts";
import { logGamma } from "./log_gamma.ts";

export { erf, erfinv } from "../../engine/index.ts";

/** 1 - erf(x). */
export const erfc: Unary = (x) => engine.subtract(1, engine.erf(x));

/**
 * log(Σ exp(x)) over axes, without overflow.
 *
 * @param options `axis`: over which (default: all), `keepdims`: whether the axes stay, with length 1 (default false)
 *
 * @example
 * ```ts
 * logsumexp([1000, 1000]).item(); // → 1000.693
 * ```
 */
export function logsumexp(
  x: TensorLike,
  options: { readonly axis?: Axes; readonly keepdims?: boolean } = {},
): Tensor {
  checkOptions("logsumexp", options, ["axis", "keepdims"]);
  const { axis, keepdims = false } = options;
  const t = toFloat(x);
  if (t.size === 0) {
    const sums = t.sum(axis, { keepdims });
    return engine.full(sums.shape, Number.NEGATIVE_INFINITY, t.dtype);
  }
  const largest = engine.stopGradient(t.max(axis, { keepdims: true }));
  // Infinity less infinity is NaN: such a maximum is not subtracted.
  const shift = engine.where(engine.isFinite(largest), largest, 0);
  const total = engine.exp(engine.subtract(t, shift)).sum(axis, { keepdims });
  return engine.add(engine.log(total), shift.reshape(total.shape));
}

/** Options of the segment functions. */
export interface SegmentOptions {
  /** How many segments there are. Default: one more than the largest number, which is read. */
  readonly numSegments?: number | null;
  /** Whether the numbers ascend; accepted for Keras's sake. Default false. */
  readonly sorted?: boolean;
}

/** A reduction of the slices along the first axis that have one number. */
export type Segment = (data: TensorLike, segmentIds: TensorLike, options?: SegmentOptions) => Tensor;

function segment(
  name: string,
  kind: "add" | "multiply" | "max" | "min",
  neutral: (dtype: DType) => number,
): Segment {
  return (data, segmentIds, options = {}) => {
    checkOptions(name, options, ["numSegments", "sorted"]);
    const [t, ids] = [toTensor(data), toTensor(segmentIds, "int32")];
    if (ids.ndim !== 1 || t.shape[0] !== ids.size) {
      throw new ShapeError(
        `${name}: expected one number for each slice along the first axis. Received: data ${showShape(t.shape)}, segmentIds ${showShape(ids.shape)}`,
      );
    }
    const count = options.numSegments ?? (ids.size === 0 ? 0 : ids.max().item() + 1);
    return engine.scatter(
      engine.full([count, ...t.shape.slice(1)], neutral(t.dtype), t.dtype),
      ids.reshape(ids.size, 1),
      t,
      {
        offsetDims: t.shape.slice(1).map((_, i) => i + 1),
        collapsedSliceDims: [0],
        operandBatchingDims: [],
        indicesBatchingDims: [],
        startIndexMap: [0],
      },
      kind,
    );
  };
}

/** The largest number of a dtype, or the smallest one. */
function limit(dtype: DType, sign: 1 | -1): number {
  if (dtype === "bool") return sign === 1 ? 1 : 0;
  return isFloat(dtype)
    ? sign * Number.POSITIVE_INFINITY
    : engine.roundTo(dtype, sign * Number.POSITIVE_INFINITY);
}

/**
 * The sums of the slices along the first axis that have one number; 0 for numbers without slices.
 *
 * @param segmentIds whole numbers, one for each slice; slices whose number is out of range are left out
 * @returns shape (numSegments, …)
 *
 * @example
 * ```ts
 * ops.segmentSum([1, 2, 30], [0, 0, 1]).arraySync(); // → [3, 30]
 * ```
 */
export const segmentSum: Segment = /* @__PURE__ */ segment("segmentSum", "add", () => 0);
/** The products of the slices that have one number; 1 for numbers without slices. */
export const segmentProd: Segment = /* @__PURE__ */ segment("segmentProd", "multiply", () => 1);
/** The largest elements of the slices that have one number; the lowest number of the dtype where there are none. */
export const segmentMax: Segment = /* @__PURE__ */ segment("segmentMax", "max", (d) => limit(d, -1));
/** The smallest elements of the slices that have one number; the highest number of the dtype where there are none. */
export const segmentMin: Segment = /* @__PURE__ */ segment("segmentMin", "min", (d) => limit(d, 1));

/**
 * Windows of a sequence along the last axis.
 *
 * @param sequenceLength how long each window is
 * @param sequenceStride how far the next one begins
 * @returns shape (…, windows, sequenceLength); windows lie whole inside
 *
 * @example
 * ```ts
 * ops.extractSequences([1, 2, 3, 4], 2, 1).arraySync(); // → [[1, 2], [2, 3], [3, 4]]
 * ```
 */
export function extractSequences(x: TensorLike, sequenceLength: number, sequenceStride: number): Tensor {
  const t = toTensor(x);
  const n = t.shape[t.ndim - 1];
  const whole = (v: number): boolean => Number.isInteger(v) && v > 0;
  if (n === undefined || !whole(sequenceLength) || !whole(sequenceStride) || sequenceLength > n) {
    throw new ValueError(
      `extractSequences: expected a positive length of at most ${n} and a positive stride. Received: ${show(sequenceLength)}, ${show(sequenceStride)}`,
    );
  }
  const count = Math.floor((n - sequenceLength) / sequenceStride) + 1;
  const shape = [count, sequenceLength];
  const places = engine.add(engine.multiply(engine.iota(shape, 0), sequenceStride), engine.iota(shape, 1));
  return engine.take(t, places, -1);
}

/**
 * The regularized lower incomplete gamma function: ∫₀ˣ² t^(x1-1) e^(-t) dt / Γ(x1).
 *
 * A power series below x1 + 1, Lentz's continued fraction above (Press et al., Numerical Recipes, 6.2).
 *
 * @param x1 positive numbers
 * @param x2 numbers that are not negative
 *
 * @example
 * ```ts
 * ops.gammainc(1, 1).item(); // → 0.632120
 * ```
 */
export function gammainc(x1: TensorLike, x2: TensorLike): Tensor {
  const { dtype } = engine.multiply(x1, x2);
  const target = isFloat(dtype) ? dtype : "float32";
  const [given, at] = [toTensor(x1, "float64"), toTensor(x2, "float64")];
  const shape = engine.broadcastShapes(given.shape, at.shape, "gammainc");
  const [a, x] = [engine.broadcastTo(given, shape), engine.broadcastTo(at, shape)];
  const near = engine.less(x, engine.add(a, 1));
  const scale = engine.exp(
    engine.subtract(engine.subtract(engine.multiply(a, engine.log(x)), x), logGamma(a)),
  );
  const one = engine.full(shape, 1, "float64");
  const low = engine.where(near, x, 0);
  const [series] = engine.loop(400, [engine.divide(one, a), engine.divide(one, a)], (i, sum, term) => {
    const next = engine.multiply(term, engine.divide(low, engine.add(a, engine.add(i.astype("float64"), 1))));
    return [engine.add(sum, next), next];
  });
  const high = engine.where(near, engine.add(a, 1), x);
  const begin = engine.subtract(engine.add(high, 1), a);
  const [, , , fraction] = engine.loop(
    400,
    [begin, engine.full(shape, 1e300, "float64"), engine.divide(one, begin), engine.divide(one, begin)],
    (i, b, c, d, h) => {
      const k = engine.add(i.astype("float64"), 1);
      const factor = engine.multiply(engine.negate(k), engine.subtract(k, a));
      const nextB = engine.add(b, 2);
      const apart = (v: Tensor): Tensor => engine.where(engine.less(engine.abs(v), 1e-300), 1e-300, v);
      const nextD = engine.divide(1, apart(engine.add(engine.multiply(factor, d), nextB)));
      const nextC = apart(engine.add(nextB, engine.divide(factor, c)));
      return [nextB, nextC, nextD, engine.multiply(h, engine.multiply(nextC, nextD))];
    },
  );
  const below = engine.multiply(series, scale);
  const above = engine.subtract(1, engine.multiply(fraction, scale));
  const inside = engine.where(near, below, above);
  const edge = engine.where(
    engine.equal(x, 0),
    0,
    engine.where(engine.equal(x, Number.POSITIVE_INFINITY), 1, inside),
  );
  const valid = engine.bitwiseAnd(engine.greater(a, 0), engine.greaterEqual(x, 0));
  return engine.where(valid, edge, Number.NaN).astype(target);
}
