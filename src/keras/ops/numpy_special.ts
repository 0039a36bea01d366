/** NumPy's functions of each element that few programs need. */
import * as engine from "../../engine/index.ts";
import {
  abs,
  type Binary,
  checkOptions,
  type DType,
  divide,
  exp,
  isFloat,
  power,
  type Tensor,
  type TensorLike,
  toTensor,
  type Unary,
  where,
} from "../../engine/index.ts";
import { toFloat } from "./convert.ts";
import { isLogical, meet } from "./meeting.ts";
import { add, maximum, minimum, multiply } from "./numpy_elementwise.ts";

/** The larger of both; a number wins over NaN. */
export const fmax: Binary = (x, y) => {
  if (isLogical(x) && isLogical(y)) return engine.bitwiseOr(x, y);
  const [a, b] = meet(x, y);
  return where(engine.notEqual(a, a), b, where(engine.notEqual(b, b), a, maximum(a, b)));
};

/** The smaller of both; a number wins over NaN. */
export const fmin: Binary = (x, y) => {
  if (isLogical(x) && isLogical(y)) return engine.bitwiseAnd(x, y);
  const [a, b] = meet(x, y);
  return where(engine.notEqual(a, a), b, where(engine.notEqual(b, b), a, minimum(a, b)));
};

/** log(exp(x) + exp(y)), without overflow on the way. */
export const logaddexp: Binary = (x, y) => {
  const [a, b] = [toFloat(x), toFloat(y)];
  // Two equal infinities have no difference; their sum is the answer then.
  const difference = engine.subtract(a, b);
  const undefinedHere = engine.notEqual(difference, difference);
  const small = engine.log1p(exp(engine.negate(abs(where(undefinedHere, 0, difference)))));
  return where(undefinedHere, add(a, b), add(maximum(a, b), small));
};

/** log2(2ˣ + 2ʸ), without overflow on the way. */
export const logaddexp2: Binary = (x, y) => {
  return divide(logaddexp(multiply(toFloat(x), Math.LN2), multiply(toFloat(y), Math.LN2)), Math.LN2);
};

/** 0 where x is negative, 1 where it is positive, and y where it is 0. */
export const heaviside: Binary = (x, y) => {
  const [a, b] = [toFloat(x), toFloat(y)];
  const step = where(engine.less(a, 0), 0, where(engine.equal(a, 0), b, 1));
  return where(engine.notEqual(a, a), a, step);
};

/** x · 2ʸ. */
export const ldexp: Binary = (x, y) => {
  const t = toFloat(x);
  // Of 0 it is 0, also where 2ʸ overflows.
  return where(engine.equal(t, 0), t, multiply(t, power(2, toFloat(y))));
};

/** sin(πx) / (πx), which is 1 at 0. */
export const sinc: Unary = (x) => {
  const angle = multiply(toFloat(x), Math.PI);
  const zero = engine.equal(angle, 0);
  return where(zero, 1, divide(engine.sin(angle), where(zero, 1, angle)));
};

/** The largest finite number of each float dtype. */
const largest: { readonly [D in DType]?: number } = {
  bfloat16: 3.3895313892515355e38,
  float16: 65504,
  float32: 3.4028234663852886e38,
  float64: Number.MAX_VALUE,
};

/**
 * Numbers in place of NaN and the infinities.
 *
 * @param options `nan`: what takes the place of NaN (default 0); `posinf`: that of infinity (default: the largest number of
 *   the dtype); `neginf`: that of negative infinity (default: the lowest number of the dtype)
 *
 * @example
 * ```ts
 * nanToNum([NaN, Infinity], { posinf: 9 }).arraySync(); // → [0, 9]
 * ```
 */
export function nanToNum(
  x: TensorLike,
  options: { readonly nan?: number; readonly posinf?: number | null; readonly neginf?: number | null } = {},
): Tensor {
  checkOptions("nanToNum", options, ["nan", "posinf", "neginf"]);
  const t = toTensor(x);
  if (!isFloat(t.dtype)) return t;
  const limit = largest[t.dtype]!;
  const finite = where(engine.notEqual(t, t), options.nan ?? 0, t);
  const below = where(engine.equal(t, Number.POSITIVE_INFINITY), options.posinf ?? limit, finite);
  return where(engine.equal(t, Number.NEGATIVE_INFINITY), options.neginf ?? -limit, below);
}

/**
 * The modified Bessel function of the first kind, of order 0.
 *
 * Up to |x| = 15 the power series Σ (x²/4)ᵏ / k!², beyond the asymptotic one (Abramowitz and Stegun, 9.6.12 and 9.7.1).
 */
export const i0: Unary = (x) => {
  const t = toFloat(x);
  const border = 15;
  const quarter = engine.divide(engine.minimum(engine.multiply(t, t), border * border), 4);
  let near: Tensor = engine.full(t.shape, 1, t.dtype);
  for (let k = 40; k >= 1; k--) near = engine.add(engine.multiply(near, engine.divide(quarter, k * k)), 1);
  const size = engine.maximum(abs(t), border);
  const eighth = divide(1, engine.multiply(size, 8));
  let far: Tensor = engine.full(t.shape, 1, t.dtype);
  for (let k = 12; k >= 1; k--)
    far = engine.add(engine.multiply(far, engine.multiply(eighth, (2 * k - 1) ** 2 / k)), 1);
  // exp(x)/√x is the product of two halves, because exp(x) alone overflows earlier.
  const half = exp(divide(size, 2));
  const scaled = engine.multiply(
    engine.multiply(half, engine.rsqrt(engine.multiply(size, 2 * Math.PI))),
    half,
  );
  return where(engine.less(abs(t), border), near, engine.multiply(scaled, far));
};

/** The next float32 after x1 in the direction of x2. */
export const nextafter: Binary = (x1, x2) => {
  const [x, y] = [toTensor(x1, "float32"), toTensor(x2, "float32")];
  const bits = engine.bitcast(x, "int32");
  // Away from zero the bits count up, whatever the sign.
  const away = engine.equal(engine.less(x, y), engine.greater(x, 0));
  const moved = engine.bitcast(engine.add(bits, where(away, 1, -1)), "float32");
  const least = engine.bitcast(
    where(engine.greater(y, 0), engine.full([], 1, "int32"), engine.full([], -2147483647, "int32")),
    "float32",
  );
  const next = where(engine.equal(x, 0), least, moved);
  const unordered = engine.bitwiseOr(engine.notEqual(x, x), engine.notEqual(y, y));
  return where(unordered, Number.NaN, where(engine.equal(x, y), y, next));
};
