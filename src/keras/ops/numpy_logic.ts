/** NumPy's comparisons, tests and logical functions; their results are boolean. */
import * as engine from "../../engine/index.ts";
import {
  type Binary,
  bitwiseAnd,
  bitwiseNot,
  bitwiseOr,
  bitwiseXor,
  checkOptions,
  equal,
  isFloat,
  isUnsigned,
  type Tensor,
  type TensorLike,
  toTensor,
  type Unary,
} from "../../engine/index.ts";

export {
  bitwiseAnd,
  bitwiseNot as bitwiseInvert,
  bitwiseNot,
  bitwiseOr,
  bitwiseXor,
  equal,
  greater,
  greaterEqual,
  isFinite as isfinite,
  less,
  lessEqual,
  notEqual,
  shiftLeft as bitwiseLeftShift,
  shiftLeft as leftShift,
} from "../../engine/index.ts";

/** The bits moved to the right; of integers with a sign, the sign is kept. */
export const rightShift: Binary = (x, y) => {
  const logical = engine.shiftRightLogical(x, y);
  return isUnsigned(logical.dtype) ? logical : engine.shiftRightArithmetic(x, y);
};

export { rightShift as bitwiseRightShift };

const logical = (x: TensorLike): Tensor => toTensor(x, "bool");

/** Whether both are true (not zero). */
export const logicalAnd: Binary = (x, y) => bitwiseAnd(logical(x), logical(y));
/** Whether any is true (not zero). */
export const logicalOr: Binary = (x, y) => bitwiseOr(logical(x), logical(y));
/** Whether one of both is true (not zero). */
export const logicalXor: Binary = (x, y) => bitwiseXor(logical(x), logical(y));
/** Whether x is false (zero). */
export const logicalNot: Unary = (x) => bitwiseNot(logical(x));

/** Whether elements are NaN. */
export const isnan: Unary = (x) => {
  const t = toTensor(x);
  return engine.notEqual(t, t);
};
/** Whether elements are infinite. */
export const isinf: Unary = (x) => {
  const t = toTensor(x);
  return equal(engine.abs(t), Number.POSITIVE_INFINITY);
};
/** Whether elements are infinity. */
export const isposinf: Unary = (x) => equal(x, Number.POSITIVE_INFINITY);
/** Whether elements are minus infinity. */
export const isneginf: Unary = (x) => equal(x, Number.NEGATIVE_INFINITY);
/** Whether elements are real; all of them are. */
export const isreal: Unary = (x) => engine.full(toTensor(x).shape, true, "bool");

/** Whether the sign bit is set: negative numbers, and -0. */
export const signbit: Unary = (x) => {
  const t = toTensor(x);
  const negative = engine.less(t, 0);
  if (!isFloat(t.dtype)) return negative;
  return bitwiseOr(negative, bitwiseAnd(equal(t, 0), engine.less(engine.divide(1, t), 0)));
};

/** How near is near. */
export interface ClosenessOptions {
  /** Allowed distance relative to |x2|. Default 1e-5. */
  readonly rtol?: number;
  /** Allowed distance besides. Default 1e-8. */
  readonly atol?: number;
  /** Whether NaN is close to NaN. Default false. */
  readonly equalNan?: boolean;
}

/**
 * Whether |x1 - x2| ≤ atol + rtol · |x2|.
 *
 * @example
 * ```ts
 * isclose([1, 2], [1.000001, 2.1]).arraySync(); // → [true, false]
 * ```
 */
export function isclose(x1: TensorLike, x2: TensorLike, options: ClosenessOptions = {}): Tensor {
  checkOptions("isclose", options, ["rtol", "atol", "equalNan"]);
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options;
  const [a, b] = [toTensor(x1), toTensor(x2)];
  const allowed = engine.add(atol, engine.multiply(rtol, engine.abs(b)));
  const near = bitwiseAnd(engine.lessEqual(engine.abs(engine.subtract(a, b)), allowed), engine.isFinite(b));
  const close = bitwiseOr(near, equal(a, b));
  return equalNan ? bitwiseOr(close, bitwiseAnd(isnan(a), isnan(b))) : close;
}

/**
 * Whether all elements are close to each other, as a boolean scalar.
 *
 * @example
 * ```ts
 * allclose([1, 2], [1.000001, 2]).arraySync(); // → true
 * ```
 */
export function allclose(x1: TensorLike, x2: TensorLike, options: ClosenessOptions = {}): Tensor {
  return engine.all(isclose(x1, x2, options));
}

/**
 * Whether shapes and all elements are equal, as a boolean scalar.
 *
 * @example
 * ```ts
 * arrayEqual([1, 2], [1, 2]).arraySync(); // → true
 * ```
 */
export function arrayEqual(x1: TensorLike, x2: TensorLike): Tensor {
  const [a, b] = [toTensor(x1), toTensor(x2)];
  if (!engine.sameShape(a.shape, b.shape)) return engine.full([], false, "bool");
  return engine.all(equal(a, b));
}
