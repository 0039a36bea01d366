/** Primitives that compute each element from the elements at the same place. Storing rounds, or wraps, to the dtype. */
import type { PlainPrimitive } from "../../graph/build.ts";
import type { Node } from "../../graph/node.ts";
import type { Direction } from "../../graph/primitives.ts";
import {
  arrayOf,
  type DType,
  isFloat,
  isHalf,
  isInteger,
  roundTo,
  type TypedArray,
} from "../../tensor/dtype.ts";
import { fromBits, toBits } from "../../tensor/half.ts";
import * as integers from "./integers.ts";
import type { Rule, Rules } from "./rule.ts";
import * as special from "./special.ts";

type AnyRule = (node: Node, operands: readonly TypedArray[]) => TypedArray;

/** Element i from the i-th elements of up to three operands. */
function each(f: (dtype: DType, x: number, y: number, z: number) => number): AnyRule {
  return ({ dtype }, operands) => {
    const [x, y, z] = operands;
    const out = new (arrayOf(dtype))(x!.length);
    for (let i = 0; i < out.length; i++) out[i] = f(dtype, x![i]!, y?.[i] ?? 0, z?.[i] ?? 0);
    return out;
  };
}

const unary = (f: (x: number) => number): AnyRule => each((_, x) => f(x));
const binary = (f: (x: number, y: number) => number): AnyRule => each((_, x, y) => f(x, y));
const shift = (f: (x: number, y: number, dtype: DType) => number): AnyRule => each((d, x, y) => f(x, y, d));

/** One function for floats, another for integers. */
function arithmetic(
  floats: (x: number, y: number) => number,
  whole: (x: number, y: number) => number,
): AnyRule {
  return each((dtype, x, y) => (isFloat(dtype) ? floats(x, y) : whole(x, y)));
}

const comparisons: { readonly [D in Direction]: (x: number, y: number) => boolean } = {
  EQ: (x, y) => x === y,
  NE: (x, y) => x !== y,
  LT: (x, y) => x < y,
  LE: (x, y) => x <= y,
  GT: (x, y) => x > y,
  GE: (x, y) => x >= y,
};

const compare: Rule<"compare"> = (node, operands) => {
  const holds = comparisons[node.attrs.direction];
  return binary((x, y) => Number(holds(x, y)))(node, operands);
};

/** Floats saturate on their way to integers; integers keep their low bits. */
const convert: Rule<"convert"> = (node, operands) => {
  const saturates = isFloat(node.inputs[0]!.dtype) && isInteger(node.dtype);
  return each((dtype, x) => {
    if (dtype === "bool") return Number(x !== 0);
    return saturates ? roundTo(dtype, x) : x;
  })(node, operands);
};

const bitcast: Rule<"bitcast_convert"> = ({ dtype, inputs }, [x]) => {
  const from = inputs[0]!.dtype;
  const bits = isHalf(from) ? Uint16Array.from(x!, (v) => toBits(from, v)) : x!.slice();
  return isHalf(dtype)
    ? Float32Array.from(new Uint16Array(bits.buffer), (b) => fromBits(dtype, b))
    : new (arrayOf(dtype))(bits.buffer);
};

export const elementwise: Rules<
  | Exclude<PlainPrimitive, "dynamic_update_slice" | "optimization_barrier">
  | "compare"
  | "convert"
  | "bitcast_convert"
> = {
  abs: unary(Math.abs),
  negate: unary((x) => -x),
  sign: unary(Math.sign),
  floor: unary(Math.floor),
  ceil: unary(Math.ceil),
  round_nearest_even: unary(special.roundNearestEven),
  sqrt: unary(Math.sqrt),
  rsqrt: unary((x) => 1 / Math.sqrt(x)),
  cbrt: unary(Math.cbrt),
  exponential: unary(Math.exp),
  exponential_minus_one: unary(Math.expm1),
  log: unary(Math.log),
  log_plus_one: unary(Math.log1p),
  logistic: unary(special.logistic),
  sine: unary(Math.sin),
  cosine: unary(Math.cos),
  tan: unary(Math.tan),
  asin: unary(Math.asin),
  acos: unary(Math.acos),
  atan: unary(Math.atan),
  sinh: unary(Math.sinh),
  cosh: unary(Math.cosh),
  tanh: unary(Math.tanh),
  asinh: unary(Math.asinh),
  acosh: unary(Math.acosh),
  atanh: unary(Math.atanh),
  erf: unary(special.erf),
  erf_inv: unary(special.erfInv),
  is_finite: unary((x) => Number(Number.isFinite(x))),
  not: each((dtype, x) => (dtype === "bool" ? 1 - x : ~x)),
  convert,
  bitcast_convert: bitcast,
  stop_gradient: unary((x) => x),
  identity: unary((x) => x),

  add: binary((x, y) => x + y),
  subtract: binary((x, y) => x - y),
  multiply: arithmetic((x, y) => x * y, integers.multiplyIntegers),
  divide: arithmetic((x, y) => x / y, integers.divideIntegers),
  remainder: arithmetic((x, y) => x % y, integers.remainderIntegers),
  power: arithmetic(special.power, integers.powerIntegers),
  maximum: binary(Math.max),
  minimum: binary(Math.min),
  atan2: binary(Math.atan2),
  and: binary((x, y) => x & y),
  or: binary((x, y) => x | y),
  xor: binary((x, y) => x ^ y),
  shift_left: shift(integers.shiftLeft),
  shift_right_logical: shift(integers.shiftRightLogical),
  shift_right_arithmetic: shift(integers.shiftRightArithmetic),
  compare,
  select: each((_, condition, x, y) => (condition ? x : y)),
};
