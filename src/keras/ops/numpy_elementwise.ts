/** NumPy's functions of each element: arithmetic, powers, logarithms, trigonometry, rounding. */
import * as engine from "../../engine/index.ts";
import {
  abs,
  type Binary,
  checkOptions,
  type DType,
  divide,
  exp,
  isFloat,
  isUnsigned,
  log,
  power,
  type Tensor,
  type TensorLike,
  toTensor,
  type Unary,
  where,
} from "../../engine/index.ts";
import { toFloat } from "./convert.ts";

export {
  arccos,
  arccosh,
  arcsin,
  arcsinh,
  arctan,
  arctan2,
  arctanh,
  cbrt,
  ceil,
  cos,
  cosh,
  divide,
  divide as trueDivide,
  exp,
  expm1,
  floor,
  log,
  log1p,
  negate as negative,
  power,
  rsqrt,
  sign,
  sin,
  sinh,
  sqrt,
  subtract,
  tan,
  tanh,
} from "../../engine/index.ts";

/** Arithmetic on numbers that stays logic on booleans, as in JAX. */
function orLogic(arithmetic: Binary, logic: Binary): Binary {
  const operand = (x: TensorLike): Tensor | number | boolean =>
    typeof x === "number" || typeof x === "boolean" ? x : toTensor(x);
  const isBool = (x: Tensor | number | boolean): boolean =>
    typeof x === "boolean" || (typeof x === "object" && x.dtype === "bool");
  return (x, y) => {
    const [a, b] = [operand(x), operand(y)];
    return isBool(a) && isBool(b) ? logic(a, b) : arithmetic(a, b);
  };
}

/** x + y; booleans: whether any is true. */
export const add: Binary = /* @__PURE__ */ orLogic(engine.add, engine.bitwiseOr);
/** x · y; booleans: whether both are true. */
export const multiply: Binary = /* @__PURE__ */ orLogic(engine.multiply, engine.bitwiseAnd);
/** The larger of both; NaN if either is. */
export const maximum: Binary = /* @__PURE__ */ orLogic(engine.maximum, engine.bitwiseOr);
/** The smaller of both; NaN if either is. */
export const minimum: Binary = /* @__PURE__ */ orLogic(engine.minimum, engine.bitwiseAnd);

/** The dtype in which two operands meet, numbers being weak; booleans count as integers. */
function meet(x: TensorLike, y: TensorLike): [Tensor, Tensor] {
  const { dtype } = engine.add(oneOf(x), oneOf(y));
  return [toTensor(x, dtype), toTensor(y, dtype)];
}

/** A scalar of the operand's dtype, to find a common dtype without its elements; numbers stay numbers. */
function oneOf(x: TensorLike): TensorLike {
  return typeof x === "number" || typeof x === "boolean" ? x : engine.full([], 0, toTensor(x).dtype);
}

const isLogical = (x: TensorLike): boolean =>
  typeof x === "boolean" || (typeof x !== "number" && toTensor(x).dtype === "bool");

/** The absolute value; booleans stay as they are. */
export const absolute: Unary = (x) => {
  const t = toTensor(x);
  return t.dtype === "bool" ? t : abs(t);
};

export { absolute as abs };
/** The absolute value, as a float. */
export const fabs: Unary = (x) => abs(toFloat(x));
/** x²; booleans count as 0 and 1. */
export const square: Unary = (x) => {
  const t = toTensor(x);
  return engine.multiply(t, t);
};
/** 1 / x. */
export const reciprocal: Unary = (x) => divide(1, x);
/** 2 to the power of x. */
export const exp2: Unary = (x) => power(2, toFloat(x));
/** The logarithm to base 2. */
export const log2: Unary = (x) => divide(log(x), Math.LN2);
/** The logarithm to base 10. */
export const log10: Unary = (x) => divide(log(x), Math.LN10);
/** Degrees to radians. */
export const deg2rad: Unary = (x) => multiply(toFloat(x), Math.PI / 180);
/** Radians to degrees. */
export const rad2deg: Unary = (x) => multiply(toFloat(x), 180 / Math.PI);

/** The number without its fraction; integers are left alone. */
export const trunc: Unary = (x) => {
  const t = toTensor(x);
  return isFloat(t.dtype) ? where(engine.less(t, 0), engine.ceil(t), engine.floor(t)) : t;
};

/**
 * The nearest number with so many decimals; halves go to the even digit.
 *
 * @param options `decimals` (default 0), negative ones round to tens, hundreds, …
 *
 * @example
 * ```ts
 * round([0.5, 1.5, 2.25]).arraySync(); // → [0, 2, 2]
 * ```
 */
export function round(x: TensorLike, options: { readonly decimals?: number } = {}): Tensor {
  checkOptions("round", options, ["decimals"]);
  const { decimals = 0 } = options;
  const t = toTensor(x);
  if (!isFloat(t.dtype) && decimals >= 0) return t.dtype === "bool" ? t.astype("int32") : t;
  if (decimals === 0) return engine.round(t);
  const factor = 10 ** Math.abs(decimals);
  const rounded =
    decimals > 0
      ? divide(engine.round(multiply(t, factor)), factor)
      : multiply(engine.round(divide(t, factor)), factor);
  return rounded.astype(t.dtype);
}

/** Whether a remainder lies on the other side of zero than the divisor. */
function opposite(remainder: Tensor, divisor: Tensor): Tensor {
  const different = engine.notEqual(engine.less(remainder, 0), engine.less(divisor, 0));
  return engine.bitwiseAnd(engine.notEqual(remainder, 0), different);
}

/** The remainder with the sign of y, as Python's `%`. */
export const mod: Binary = (x, y) => {
  const [a, b] = meet(x, y);
  const rest = engine.remainder(a, b);
  return isUnsigned(a.dtype) ? rest : where(opposite(rest, b), add(rest, b), rest);
};

/** The remainder with the sign of x, as C's `fmod`. */
export const fmod: Binary = (x, y) => engine.remainder(x, y);

/** The quotient rounded down, as Python's `//`. */
export const floorDivide: Binary = (x, y) => {
  const [a, b] = meet(x, y);
  if (isUnsigned(a.dtype)) return engine.truncatedDivide(a, b);
  const rest = engine.remainder(a, b);
  const less = opposite(rest, b);
  if (!isFloat(a.dtype)) return engine.subtract(engine.truncatedDivide(a, b), less.astype(a.dtype));
  // (a - rest) / b is a whole number but for rounding.
  const quotient = divide(engine.subtract(a, rest), b);
  const floor = engine.round(engine.subtract(quotient, less.astype(a.dtype)));
  return where(engine.equal(b, 0), engine.stopGradient(divide(a, b)), floor);
};

/** x / y, and 0 where y is 0. */
export const divideNoNan: Binary = (x, y) => {
  const divisor = toFloat(y);
  const zero = engine.equal(divisor, 0);
  // Dividing by 1 there keeps infinities out of the gradient.
  return where(zero, 0, divide(x, where(zero, 1, divisor)));
};

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

/** √(x² + y²), without overflow on the way. */
export const hypot: Binary = (x, y) => {
  const [a, b] = [abs(toFloat(x)), abs(toFloat(y))];
  const large = maximum(a, b);
  const plain = engine.bitwiseOr(engine.equal(large, 0), engine.equal(large, Number.POSITIVE_INFINITY));
  const ratio = divide(minimum(a, b), where(plain, 1, large));
  return where(plain, large, multiply(large, engine.sqrt(add(1, square(ratio)))));
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

/**
 * Numbers brought into a range: what is smaller becomes `xMin`, what is larger `xMax`.
 *
 * @example
 * ```ts
 * ops.clip([-2, 0, 5], -1, 1).arraySync(); // → [-1, 0, 1]
 * ```
 */
export function clip(x: TensorLike, xMin: TensorLike, xMax: TensorLike): Tensor {
  return minimum(maximum(x, xMin), xMax);
}

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

/** Integers of one dtype and shape. */
function wholePair(name: string, x1: TensorLike, x2: TensorLike): [Tensor, Tensor] {
  const pair = meet(x1, x2);
  if (isFloat(pair[0].dtype))
    throw new engine.DTypeError(`${name}: expected integers. Received: ${pair[0].dtype}`);
  const shape = engine.broadcastShapes(pair[0].shape, pair[1].shape, name);
  return [engine.broadcastTo(pair[0], shape), engine.broadcastTo(pair[1], shape)];
}

/**
 * The greatest common divisor of integers, never negative.
 *
 * @example
 * ```ts
 * ops.gcd([12, -18], 8).arraySync(); // → [4, 2]
 * ```
 */
export const gcd: Binary = (x1, x2) => {
  const [a, b] = wholePair("gcd", x1, x2);
  // Euclid's rounds at least halve the product of both numbers' sizes in two: 47 serve all integers of 32 bits.
  const [found] = engine.loop(47, [abs(a), abs(b)], (_, p, q) => {
    const done = engine.equal(q, 0);
    return [where(done, p, q), where(done, q, engine.remainder(p, q))];
  });
  return found;
};

/** The least common multiple of integers, never negative; 0 where one of them is 0. */
export const lcm: Binary = (x1, x2) => {
  const [a, b] = wholePair("lcm", x1, x2);
  return abs(engine.multiply(engine.truncatedDivide(a, gcd(a, b)), b));
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

/** The real part: of real numbers the numbers. */
export const real: Unary = (x) => toTensor(x);
/** The imaginary part: of real numbers 0. */
export const imag: Unary = (x) => {
  const t = toTensor(x);
  return engine.full(t.shape, 0, t.dtype);
};
/** The complex conjugate: of real numbers the numbers. */
export const conj: Unary = (x) => toTensor(x);
export { conj as conjugate };
/** The angle in the complex plane: of real numbers 0, or π of negative ones. */
export const angle: Unary = (x) => {
  const t = toFloat(x);
  return where(
    engine.notEqual(t, t),
    t,
    where(engine.less(t, 0), engine.full([], Math.PI, t.dtype), engine.full([], 0, t.dtype)),
  );
};
