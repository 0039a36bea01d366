/** NumPy's functions of each element: arithmetic, powers, logarithms, trigonometry. */
import * as engine from "../../engine/index.ts";
import {
  abs,
  type Binary,
  divide,
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

/** x / y, and 0 where y is 0. */
export const divideNoNan: Binary = (x, y) => {
  const divisor = toFloat(y);
  const zero = engine.equal(divisor, 0);
  // Dividing by 1 there keeps infinities out of the gradient.
  return where(zero, 0, divide(x, where(zero, 1, divisor)));
};

/** √(x² + y²), without overflow on the way. */
export const hypot: Binary = (x, y) => {
  const [a, b] = [abs(toFloat(x)), abs(toFloat(y))];
  const large = maximum(a, b);
  const plain = engine.bitwiseOr(engine.equal(large, 0), engine.equal(large, Number.POSITIVE_INFINITY));
  const ratio = divide(minimum(a, b), where(plain, 1, large));
  return where(plain, large, multiply(large, engine.sqrt(add(1, square(ratio)))));
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
