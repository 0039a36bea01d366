/** NumPy's rounding, division with a remainder, and common divisors. */
import * as engine from "../../engine/index.ts";
import {
  abs,
  type Binary,
  checkOptions,
  divide,
  isFloat,
  isUnsigned,
  type Tensor,
  type TensorLike,
  toTensor,
  type Unary,
  where,
} from "../../engine/index.ts";
import { meet } from "./meeting.ts";
import { add, multiply } from "./numpy_elementwise.ts";

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
