/**
 * Rules of arithmetic. They hold to the last bit, for NaN, infinities and signed zeros too, with two exceptions:
 * `x + 0` is `x` also where x is -0 (the sum would be +0), and `x³` may round differently than `pow` does.
 */
import {
  bitsOf,
  type DType,
  integerRange,
  isFloat,
  isInteger,
  isUnsigned,
  promote,
} from "../../tensor/dtype.ts";
import { is, type Node } from "../node.ts";
import { constantOf, hole, num, on, op, type Rule, rule } from "../pattern.ts";

const x = hole("x");
const y = hole("y");
const float = hole("x", (n) => isFloat(n.dtype));
const integer = hole("x", (n) => isInteger(n.dtype));
const signed = hole("x", (n) => !isUnsigned(n.dtype));
const c = hole("c", (n) => n.op === "constant");
const d = hole("d", (n) => n.op === "constant");

const valueOf = (node: Node): number => (node as Node<"constant">).attrs.value;

/** Whether 1 / value is exact, so that multiplying by it rounds exactly as dividing does. */
function hasExactReciprocal(dtype: DType, value: number): boolean {
  const exponent = Math.round(Math.log2(Math.abs(value)));
  const largest = dtype === "float64" ? 1022 : dtype === "float16" ? 14 : 126;
  return 2 ** exponent === Math.abs(value) && Math.abs(exponent) <= largest;
}

const idempotent = ["abs", "sign", "floor", "ceil", "round_nearest_even"] as const;

export const arithmetic: readonly Rule[] = [
  rule(op("add", x, num(0)), x), // x + 0 → x
  rule(op("add", x, op("negate", y)), op("subtract", x, y)), // x + (-y) → x - y
  rule(op("add", op("add", integer, c), d), op("add", x, op("add", c, d))), // (n + c) + d → n + (c + d); floats round
  rule(op("subtract", x, num(0)), x), // x - 0 → x
  rule(op("subtract", x, op("negate", y)), op("add", x, y)), // x - (-y) → x + y
  rule(op("subtract", integer, c), op("add", x, op("negate", c))), // n - c → n + (-c), which wraps around alike
  rule(op("subtract", integer, x), num(0)), // n - n → 0; ∞ - ∞ is NaN
  rule(op("subtract", num(0), integer), op("negate", x)), // 0 - n → -n; with floats 0 - 0 is 0, not -0
  rule(op("multiply", x, num(1)), x), // x · 1 → x
  rule(op("multiply", x, num(-1)), op("negate", x)), // x · -1 → -x
  rule(op("multiply", integer, num(0)), num(0)), // n · 0 → 0; NaN · 0 is NaN
  rule(op("multiply", op("negate", x), op("negate", y)), op("multiply", x, y)), // -x · -y → x · y
  rule(op("multiply", op("negate", x), c), op("multiply", x, op("negate", c))), // -x · c → x · -c
  rule(op("negate", op("multiply", x, c)), op("multiply", x, op("negate", c))), // -(x · c) → x · -c
  rule(op("negate", op("negate", x)), x), // -(-x) → x
  rule(op("abs", op("negate", signed)), op("abs", x)), // |-x| → |x|
  ...idempotent.map((name) => rule(op(name, op(name, x)), op(name, x))), // ⌊⌊x⌋⌋ → ⌊x⌋
  rule(op("divide", x, num(1)), x), // x / 1 → x
  rule(op("divide", float, num(-1)), op("negate", x)), // x / -1 → -x
  rule(op("divide", float, c), ({ x, c, root }, context) => {
    // x / 2ⁿ → x · 2⁻ⁿ; any other reciprocal is rounded, and so would the product be
    if (!hasExactReciprocal(root.dtype, valueOf(c))) return undefined;
    return context.make("multiply", [x, constantOf(1 / valueOf(c), root, context)], {});
  }),
  rule(op("divide", op("negate", float), c), op("divide", x, op("negate", c))), // -x / c → x / -c
  rule(op("power", x, num(0)), num(1)), // x⁰ → 1, also for NaN
  rule(op("power", x, num(1)), x), // x¹ → x
  rule(op("power", x, num(2)), op("multiply", x, x)), // x² → x · x
  rule(op("power", x, num(3)), op("multiply", op("multiply", x, x), x)), // x³ → x · x · x
  rule(op("power", float, num(-1)), op("divide", num(1), x)), // x⁻¹ → 1 / x
  // x^½ is no square root: of -∞ the power is ∞, the root NaN
  rule(op("maximum", x, x), x), // max(x, x) → x
  rule(op("minimum", x, x), x), // min(x, x) → x
  rule(op("maximum", float, num(Number.NEGATIVE_INFINITY)), x), // max(x, -∞) → x
  rule(op("minimum", float, num(Number.POSITIVE_INFINITY)), x), // min(x, ∞) → x

  // Conversions to the dtype that is there already, and detours that lose nothing.
  on("convert", (node) => (node.inputs[0]!.dtype === node.dtype ? node.inputs[0] : undefined)),
  on("bitcast_convert", (node) => (node.inputs[0]!.dtype === node.dtype ? node.inputs[0] : undefined)),
  on("convert", (node, context) => {
    const middle = node.inputs[0]!;
    if (!is(middle, "convert")) return undefined;
    const source = middle.inputs[0]!;
    if (!canSkip(source.dtype, middle.dtype, node.dtype)) return undefined;
    return context.make("convert", [source], { dtype: node.dtype });
  }),
];

/** Whether converting directly gives what the detour over `via` gives, for every value. */
function canSkip(from: DType, via: DType, to: DType): boolean {
  if (via === "bool") return false;
  if (from === "bool") return true;
  if (isFloat(from)) return isFloat(via) && isWithin(from, via);
  // From a float narrower integers saturate, where they would wrap.
  if (isFloat(via)) return isWithin(from, via) && (!isInteger(to) || isWithin(from, to));
  // Of an integer that wraps around the lowest bits stay.
  const narrow = isInteger(to) ? bitsOf(to) : to === "bool" ? bitsOf(from) : 64;
  return narrow <= bitsOf(via) || isWithin(from, via);
}

/** Bits of the significand. */
const significands: { readonly [D in DType]?: number } = {
  bfloat16: 8,
  float16: 11,
  float32: 24,
  float64: 53,
};

/** Whether every number of one dtype is a number of the other one. */
function isWithin(from: DType, to: DType): boolean {
  if (isFloat(from)) return isFloat(to) && promote(from, to) === to;
  const [low, high] = integerRange(from);
  if (isFloat(to)) return bitsOf(from) - Number(low < 0) <= significands[to]!;
  const [lowest, highest] = integerRange(to);
  return lowest <= low && high <= highest;
}
