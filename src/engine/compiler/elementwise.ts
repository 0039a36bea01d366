/**
 * What each elementwise primitive computes from one element of each operand, as loop IR arithmetic: one row per
 * primitive. Backends need no mathematical functions of their own, and all give the same results.
 */

import { makeNode, type Node } from "../graph/node.ts";
import { type Direction, type Primitive, primitives } from "../graph/primitives.ts";
import {
  bitsOf,
  byteWidth,
  type DType,
  integerRange,
  isFloat,
  isHalf,
  isInteger,
  isUnsigned,
} from "../tensor/dtype.ts";
import { type BinaryOp, type Expr, ExprTable, registerType, type UnaryOp } from "./loop_ir/index.ts";
import * as math from "./math/index.ts";
import { type FloatType, Ops } from "./math/index.ts";
import { fromBits, settle, signExtend, toBits } from "./storage.ts";

/** The primitives of the kind `elementwise`. */
export type ElementwisePrimitive =
  | "abs"
  | "negate"
  | "sign"
  | "floor"
  | "ceil"
  | "round_nearest_even"
  | "sqrt"
  | "rsqrt"
  | "cbrt"
  | "exponential"
  | "exponential_minus_one"
  | "log"
  | "log_plus_one"
  | "logistic"
  | "sine"
  | "cosine"
  | "tan"
  | "asin"
  | "acos"
  | "atan"
  | "sinh"
  | "cosh"
  | "tanh"
  | "asinh"
  | "acosh"
  | "atanh"
  | "erf"
  | "erf_inv"
  | "is_finite"
  | "not"
  | "convert"
  | "bitcast_convert"
  | "stop_gradient"
  | "identity"
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  | "remainder"
  | "power"
  | "maximum"
  | "minimum"
  | "atan2"
  | "and"
  | "or"
  | "xor"
  | "shift_left"
  | "shift_right_logical"
  | "shift_right_arithmetic"
  | "compare"
  | "select";

/** Builds the result of one element of a node from the same element of its operands. */
export type Expansion<P extends Primitive> = (t: ExprTable, args: readonly Expr[], node: Node<P>) => Expr;

type Row = Expansion<Primitive>;

const zero = (t: ExprTable, like: Expr): Expr => t.const(like.type, 0);

function unary(op: UnaryOp): Row {
  return (t, [x]) => t.op(op, [x!]);
}

function binary(op: BinaryOp): Row {
  return (t, [x, y]) => t.op(op, [x!, y!]);
}

/** A function of floating point numbers. */
function float(f: (o: Ops, x: Expr, y: Expr) => Expr): Row {
  return (t, args) => f(new Ops(t, args[0]!.type as FloatType), args[0]!, args[1] ?? args[0]!);
}

const first: Row = (_, [x]) => x!;

const abs: Row = (t, [x], { dtype }) => {
  if (isFloat(dtype)) return t.op("abs", [x!]);
  if (isUnsigned(dtype)) return x!;
  return t.op("select", [t.op("lt", [x!, zero(t, x!)]), t.op("sub", [zero(t, x!), x!]), x!]);
};

const negate: Row = (t, [x], { dtype }) =>
  t.op(isFloat(dtype) ? "neg" : "sub", isFloat(dtype) ? [x!] : [zero(t, x!), x!]);

/** Zeros and NaN are their own sign. */
const sign: Row = (t, [x], { dtype }) => {
  const one = t.const(x!.type, 1);
  if (isUnsigned(dtype)) return t.op("select", [t.op("ne", [x!, zero(t, x!)]), one, x!]);
  const below = t.op("select", [t.op("lt", [x!, zero(t, x!)]), t.const(x!.type, -1), x!]);
  return t.op("select", [t.op("gt", [x!, zero(t, x!)]), one, below]);
};

const isFinite: Row = (t, [x]) => t.op("lt", [t.op("abs", [x!]), t.const(x!.type, Number.POSITIVE_INFINITY)]);

/** A truth value as a number. */
function fromBool(t: ExprTable, x: Expr, to: DType): Expr {
  const type = registerType(to);
  return t.op("select", [x, t.const(type, 1), t.const(type, 0)]);
}

function convertTo(t: ExprTable, x: Expr, from: DType, to: DType): Expr {
  if (from === to) return x;
  if (from === "bool") return fromBool(t, x, to);
  if (to === "bool") return t.op("ne", [x, zero(t, x)]);
  const type = registerType(to);
  if (isFloat(from) && isInteger(to) && bitsOf(to) < 32) {
    const [low, high] = integerRange(to);
    const whole = t.op("convert", [x], "int32");
    return t.op("min", [t.op("max", [whole, t.const("int32", low)]), t.const("int32", high)]);
  }
  const isReinterpreted = !isFloat(from) && !isFloat(to) && x.type !== type;
  const out = t.op(isReinterpreted ? "bitcast" : "convert", [x], type);
  const fits = isFloat(from) || byteWidth(from) < byteWidth(to) || isFloat(to);
  return fits && !isHalf(to) ? out : settle(t, out, to);
}

const convert: Row = (t, [x], node) => convertTo(t, x!, node.inputs[0]!.dtype, node.dtype);

const bitcast: Row = (t, [x], { dtype, inputs }) => {
  const from = inputs[0]!.dtype;
  const bits = isHalf(from) ? toBits(t, x!, from) : x!;
  if (isHalf(dtype)) return fromBits(t, t.op("and", [bits, t.const("int32", 0xffff)]), dtype);
  const type = registerType(dtype);
  return bits.type === type ? bits : t.op("bitcast", [bits], type);
};

/** The divisor, or 1 where dividing by it would trap: 0, and -1, which overflows for the smallest integer. */
function safeDivisor(t: ExprTable, y: Expr): { divisor: Expr; isZero: Expr; isMinusOne: Expr | undefined } {
  const isZero = t.op("eq", [y, zero(t, y)]);
  const one = t.const(y.type, 1);
  if (y.type === "uint32")
    return { divisor: t.op("select", [isZero, one, y]), isZero, isMinusOne: undefined };
  const isMinusOne = t.op("eq", [y, t.const(y.type, -1)]);
  return { divisor: t.op("select", [t.op("or", [isZero, isMinusOne]), one, y]), isZero, isMinusOne };
}

const divide: Row = (t, [x, y], { dtype }) => {
  if (isFloat(dtype)) return t.op("div", [x!, y!]);
  const { divisor, isZero, isMinusOne } = safeDivisor(t, y!);
  const none = zero(t, x!);
  const quotient = t.op("div", [x!, divisor]);
  const signed =
    isMinusOne === undefined ? quotient : t.op("select", [isMinusOne, t.op("sub", [none, x!]), quotient]);
  return t.op("select", [isZero, none, signed]);
};

const floatRemainder: Row = float(math.remainder);

/** By 1, 0 and -1 the remainder is 0, and the safe divisor is 1 for all of them. */
const remainder: Row = (t, args, node) =>
  isFloat(node.dtype)
    ? floatRemainder(t, args, node)
    : t.op("rem", [args[0]!, safeDivisor(t, args[1]!).divisor]);

const floatPower: Row = float(math.power);

const power: Row = (t, args, node) =>
  isFloat(node.dtype)
    ? floatPower(t, args, node)
    : math.integerPower(t, args[0]!, args[1]!, !isUnsigned(node.dtype));

/** Shifts `x` by a count made safe; counts of the number of bits or more (also negative ones) give `beyond`. */
function shift(t: ExprTable, op: "shl" | "shr", x: Expr, y: Expr, bits: number, beyond: Expr): Expr {
  if (y.kind === "const")
    return y.value >= 0 && y.value < bits ? t.op(op, [x, t.const(x.type, y.value)]) : beyond;
  const c = (value: number): Expr => t.const(y.type, y.type === "uint32" ? value >>> 0 : value);
  const isInside = t.op("eq", [t.op("and", [y, c(-bits)]), c(0)]);
  const masked = t.op("and", [y, c(bits - 1)]);
  const count = masked.type === x.type ? masked : t.op("bitcast", [masked], x.type);
  return t.op("select", [isInside, t.op(op, [x, count]), beyond]);
}

const shiftLeft: Row = (t, [x, y], { dtype }) => shift(t, "shl", x!, y!, bitsOf(dtype), zero(t, x!));

const shiftRightLogical: Row = (t, [x, y], { dtype }) => {
  const bits = bitsOf(dtype);
  if (dtype === "int32") {
    const shifted = shift(t, "shr", t.op("bitcast", [x!], "uint32"), y!, 32, t.const("uint32", 0));
    return t.op("bitcast", [shifted], "int32");
  }
  const plain = isUnsigned(dtype) ? x! : t.op("and", [x!, t.const("int32", 2 ** bits - 1)]);
  return shift(t, "shr", plain, y!, bits, zero(t, x!));
};

/** The topmost bit counts as the sign, for unsigned integers too, as in StableHLO. */
const shiftRightArithmetic: Row = (t, [x, y], { dtype }) => {
  const c = (value: number): Expr => t.const("int32", value);
  let signed = x!;
  if (dtype === "uint32") signed = t.op("bitcast", [x!], "int32");
  else if (isUnsigned(dtype)) signed = signExtend(t, x!, bitsOf(dtype));
  const shifted = shift(t, "shr", signed, y!, bitsOf(dtype), t.op("shr", [signed, c(31)]));
  return dtype === "uint32" ? t.op("bitcast", [shifted], "uint32") : shifted;
};

const directions: { readonly [D in Direction]: BinaryOp } = {
  EQ: "eq",
  NE: "ne",
  LT: "lt",
  LE: "le",
  GT: "gt",
  GE: "ge",
};

/** False is less than true. */
const compare: Expansion<"compare"> = (t, args, { attrs }) =>
  t.op(
    directions[attrs.direction],
    args.map((x) => (x.type === "bool" ? fromBool(t, x, "int32") : x)),
  );

/** The table. Its type makes sure that no elementwise primitive is forgotten. */
export const elementwise: { readonly [P in ElementwisePrimitive]: Expansion<P> } = {
  abs,
  negate,
  sign,
  floor: unary("floor"),
  ceil: unary("ceil"),
  round_nearest_even: unary("nearest"),
  sqrt: unary("sqrt"),
  rsqrt: float(math.rsqrt),
  cbrt: float(math.cbrt),
  exponential: float((o, x) => math.exp(o, x)),
  exponential_minus_one: float(math.expm1),
  log: float(math.log),
  log_plus_one: float(math.log1p),
  logistic: float(math.logistic),
  sine: float(math.sin),
  cosine: float(math.cos),
  tan: float(math.tan),
  asin: float(math.asin),
  acos: float(math.acos),
  atan: float(math.atan),
  sinh: float(math.sinh),
  cosh: float(math.cosh),
  tanh: float(math.tanh),
  asinh: float(math.asinh),
  acosh: float(math.acosh),
  atanh: float(math.atanh),
  erf: float(math.erf),
  erf_inv: float(math.erfInv),
  is_finite: isFinite,
  not: (t, [x]) => t.op("not", [x!]),
  convert,
  bitcast_convert: bitcast,
  stop_gradient: first,
  identity: first,
  add: binary("add"),
  subtract: binary("sub"),
  multiply: binary("mul"),
  divide,
  remainder,
  power,
  maximum: binary("max"),
  minimum: binary("min"),
  atan2: float(math.atan2),
  and: binary("and"),
  or: binary("or"),
  xor: binary("xor"),
  shift_left: shiftLeft,
  shift_right_logical: shiftRightLogical,
  shift_right_arithmetic: shiftRightArithmetic,
  compare,
  select: (t, args) => t.op("select", args),
};

/** What sees to it itself, or gives an operand or a number that every dtype holds: there is nothing to settle. */
const settled: ReadonlySet<Primitive> = new Set<Primitive>([
  "convert",
  "sign",
  "stop_gradient",
  "identity",
  "maximum",
  "minimum",
  "and",
  "or",
  "xor",
  "select",
  "remainder",
]);

/** What is exact in floats of any width, but may overflow in integers. */
const exactInFloats: ReadonlySet<Primitive> = new Set<Primitive>([
  "abs",
  "negate",
  "floor",
  "ceil",
  "round_nearest_even",
  "bitcast_convert",
]);

/** Expands one node. */
export function expand(t: ExprTable, args: readonly Expr[], node: Node<ElementwisePrimitive>): Expr {
  const { op, dtype } = node;
  const result = (elementwise[op] as Expansion<ElementwisePrimitive>)(t, args, node);
  if (settled.has(op) || (isHalf(dtype) && exactInFloats.has(op))) return result;
  return settle(t, result, dtype);
}

/** Operations that take several times as long as an addition. */
const slow: ReadonlySet<string> = new Set(["div", "rem", "sqrt"]);

const costs = new Map<string, number>();

/**
 * About how many instructions a primitive takes for an element (for four of them, in vectors) of operands of a dtype.
 * It is counted from the expansion, divisions and square roots as five.
 */
export function elementwiseCost(op: ElementwisePrimitive, dtype: DType): number {
  if (op === "convert" || op === "bitcast_convert" || op === "compare" || op === "select") return 1;
  const key = `${op},${dtype}`;
  let cost = costs.get(key);
  if (cost === undefined) {
    const t = new ExprTable();
    const inputs = Array.from({ length: primitives[op].arity }, () =>
      makeNode("parameter", [], { shape: [], dtype }, [], dtype),
    );
    const args = inputs.map(() => t.reg(t.register(registerType(dtype))));
    cost = count(expand(t, args, makeNode(op, inputs, {}, [], dtype)));
    costs.set(key, cost);
  }
  return cost;
}

function count(root: Expr): number {
  const seen = new Set<Expr>();
  let sum = 0;
  const stack = [root];
  for (let e = stack.pop(); e !== undefined; e = stack.pop()) {
    if (e.kind !== "op" || seen.has(e)) continue;
    seen.add(e);
    sum += slow.has(e.op) ? 5 : e.op === "bitcast" ? 0 : 1;
    stack.push(...e.args);
  }
  return sum;
}
