/**
 * Elementwise primitives on single numbers, for constant folding. What the host cannot compute to the last digits (the
 * error function) or where NumPy and StableHLO leave the result open (shifts by negative counts) is not evaluated.
 */
import {
  bitsOf,
  type DType,
  isFloat,
  isHalf,
  isInteger,
  isUnsigned,
  roundTo,
  wrapTo,
} from "../../tensor/dtype.ts";
import { fromBits, toBits } from "../../tensor/half.ts";
import { is, type Node } from "../node.ts";
import type { Direction, Primitive } from "../primitives.ts";

type Unary = (x: number) => number;
type Binary = (x: number, y: number) => number;

function roundNearestEven(x: number): number {
  if (Math.abs(x) >= 2 ** 52) return x;
  const low = Math.floor(x);
  const rest = x - low;
  const rounded = rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
  return rounded === 0 && (x < 0 || Object.is(x, -0)) ? -0 : rounded;
}

/** C's `pow`, which knows an answer in two cases where JavaScript says NaN. */
function power(x: number, y: number): number {
  return x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) ? 1 : x ** y;
}

/** Repeated squaring; negative exponents give the integer part of the fraction. */
export function integerPower(dtype: DType, x: number, y: number): number {
  if (y < 0) return x === 1 ? 1 : x === -1 ? (y % 2 === 0 ? 1 : -1) : 0;
  let out = 1;
  for (
    let base = x, rest = y;
    rest > 0;
    rest = Math.floor(rest / 2), base = wrapTo(dtype, Math.imul(base, base))
  ) {
    if (rest % 2 === 1) out = wrapTo(dtype, Math.imul(out, base));
  }
  return out;
}

const floatUnary: { readonly [P in Primitive]?: Unary } = {
  abs: Math.abs,
  negate: (x) => -x,
  sign: Math.sign,
  floor: Math.floor,
  ceil: Math.ceil,
  round_nearest_even: roundNearestEven,
  sqrt: Math.sqrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
  cbrt: Math.cbrt,
  exponential: Math.exp,
  exponential_minus_one: Math.expm1,
  log: Math.log,
  log_plus_one: Math.log1p,
  logistic: (x) => 1 / (1 + Math.exp(-x)),
  sine: Math.sin,
  cosine: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  is_finite: (x) => (Number.isFinite(x) ? 1 : 0),
};

const integerUnary: { readonly [P in Primitive]?: Unary } = {
  abs: Math.abs,
  negate: (x) => -x,
  sign: Math.sign,
  not: (x) => ~x,
};

const floatBinary: { readonly [P in Primitive]?: Binary } = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: (x, y) => x * y,
  divide: (x, y) => x / y,
  remainder: (x, y) => x % y,
  power,
  maximum: Math.max,
  minimum: Math.min,
  atan2: Math.atan2,
};

const integerBinary: { readonly [P in Primitive]?: Binary } = {
  add: (x, y) => x + y,
  subtract: (x, y) => x - y,
  multiply: Math.imul,
  divide: (x, y) => (y === 0 ? 0 : Math.trunc(x / y)),
  remainder: (x, y) => (y === 0 ? 0 : x % y),
  maximum: Math.max,
  minimum: Math.min,
  and: (x, y) => x & y,
  or: (x, y) => x | y,
  xor: (x, y) => x ^ y,
};

const comparisons: { readonly [D in Direction]: (x: number, y: number) => boolean } = {
  EQ: (x, y) => x === y,
  NE: (x, y) => x !== y,
  LT: (x, y) => x < y,
  LE: (x, y) => x <= y,
  GT: (x, y) => x > y,
  GE: (x, y) => x >= y,
};

function shift(op: Primitive, dtype: DType, x: number, count: number): number | undefined {
  const bits = bitsOf(dtype);
  if (count < 0) return undefined;
  if (op === "shift_left") return count >= bits ? 0 : x << count;
  if (op === "shift_right_logical")
    return count >= bits ? 0 : (bits < 32 ? x & (2 ** bits - 1) : x) >>> count;
  return op === "shift_right_arithmetic" && !isUnsigned(dtype) ? x >> Math.min(count, bits - 1) : undefined;
}

function convertNumber(from: DType, to: DType, x: number): number {
  return isInteger(from) && isInteger(to) ? wrapTo(to, x) : roundTo(to, x);
}

function bitcast(from: DType, to: DType, x: number): number {
  const view = new DataView(new ArrayBuffer(4));
  if (from === "float32") view.setFloat32(0, x);
  else view.setUint32(0, isHalf(from) ? toBits(from, x) : x);
  if (to === "float32") return view.getFloat32(0);
  const bits = view.getInt32(0);
  return isHalf(to) ? fromBits(to, bits & 0xffff) : wrapTo(to, bits);
}

/** The elements of an elementwise node whose operands have these elements everywhere; undefined if it is left open. */
export function evaluate(node: Node, values: readonly number[]): number | undefined {
  const [x, y, z] = values as [number, number, number];
  const from = node.inputs[0]!.dtype;
  if (is(node, "convert")) return convertNumber(from, node.attrs.dtype, x);
  if (is(node, "compare")) return comparisons[node.attrs.direction](x, y) ? 1 : 0;
  if (is(node, "bitcast_convert")) {
    const out = bitcast(from, node.attrs.dtype, x);
    return Number.isNaN(x) || Number.isNaN(out) ? undefined : out; // A constant does not say which NaN it is.
  }
  if (node.op === "select") return x !== 0 ? y : z;
  if (isFloat(from)) {
    const out = floatUnary[node.op]?.(x) ?? floatBinary[node.op]?.(x, y);
    return out === undefined ? undefined : roundTo(node.dtype, out);
  }
  if (from === "bool" && node.op === "not") return 1 - x;
  const out =
    integerUnary[node.op]?.(x) ??
    integerBinary[node.op]?.(x, y) ??
    (node.op === "power" ? integerPower(from, x, y) : shift(node.op, from, x, y));
  return out === undefined ? undefined : from === "bool" ? out : wrapTo(from, out);
}
