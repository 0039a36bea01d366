/** Gradients of the primitives that compute each element from the elements at the same place. */

import type { PlainPrimitive } from "../graph/build.ts";
import { apply, compare, constantLike, convert, scalarValue } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import { isFloat } from "../tensor/dtype.ts";
import { add, div, from, is, mul, neg, scale, shift, sub, where } from "./arithmetic.ts";
import { type Cotangents, type VjpRule, type VjpRules, zero } from "./rule.ts";

/** A function of one operand: its derivative, times the cotangent. `y` is the function's value. */
function slope(
  times: (cotangent: Node, x: Node, y: Node) => Node,
): (node: Node, cotangent: Node) => Cotangents {
  return (node, cotangent) => [times(cotangent, node.inputs[0]!, node)];
}

const square = (x: Node): Node => mul(x, x);

/** 1 - x² without cancellation near ±1. */
const oneMinusSquare = (x: Node): Node => mul(from(1, x), shift(x, 1));

/** The larger (or smaller) operand has it all; equal ones share it. */
const extreme =
  (wins: "GT" | "LT") =>
  ({ inputs }: Node, cotangent: Node): Cotangents => {
    const [x, y] = [inputs[0]!, inputs[1]!];
    const tie = where(compare("EQ", x, y), scale(cotangent, 0.5));
    return [
      apply("select", compare(wins, x, y), cotangent, tie),
      apply("select", compare(wins, y, x), cotangent, tie),
    ];
  };

/**
 * ∂/∂x = y · x^(y-1) and ∂/∂y = x^y · log x. Both formulas meet 0 · ∞ where the derivative is zero: the first for y = 0,
 * the second for x = 0. For x < 0 the power is defined for whole y alone, and its derivative by y counts as zero.
 */
const power: VjpRule<"power"> = (node, cotangent) => {
  const [x, y] = [node.inputs[0]!, node.inputs[1]!];
  const byBase = (): Node => mul(cotangent, mul(y, apply("power", x, shift(y, -1))));
  const known = scalarValue(y);
  const dx = known === 0 ? undefined : known === undefined ? where(is(y, "NE", 0), byBase()) : byBase();
  const noLog = is(x, "LE", 0);
  const one = constantLike(1, x);
  const byExponent = mul(cotangent, mul(node, apply("log", apply("select", noLog, one, x))));
  return [dx, apply("select", noLog, constantLike(0, x), byExponent)];
};

const convertRule: VjpRule<"convert"> = ({ inputs: [x] }, cotangent) => {
  return isFloat(x!.dtype) ? [convert(cotangent, x!.dtype)] : [];
};

export const elementwise: VjpRules<
  | Exclude<PlainPrimitive, "dynamic_update_slice" | "optimization_barrier">
  | "compare"
  | "convert"
  | "bitcast_convert"
> = {
  abs: slope((ct, x) => mul(ct, apply("sign", x))),
  negate: slope(neg),
  sign: zero,
  floor: zero,
  ceil: zero,
  round_nearest_even: zero,
  sqrt: slope((ct, _, y) => div(scale(ct, 0.5), y)),
  rsqrt: slope((ct, x, y) => mul(scale(ct, -0.5), div(y, x))),
  cbrt: slope((ct, _, y) => div(ct, scale(square(y), 3))),
  exponential: slope((ct, _, y) => mul(ct, y)),
  exponential_minus_one: slope((ct, _, y) => mul(ct, shift(y, 1))),
  log: slope((ct, x) => div(ct, x)),
  log_plus_one: slope((ct, x) => div(ct, shift(x, 1))),
  logistic: slope((ct, _, y) => mul(ct, mul(y, from(1, y)))),
  sine: slope((ct, x) => mul(ct, apply("cosine", x))),
  cosine: slope((ct, x) => neg(mul(ct, apply("sine", x)))),
  tan: slope((ct, _, y) => mul(ct, shift(square(y), 1))),
  asin: slope((ct, x) => mul(ct, apply("rsqrt", oneMinusSquare(x)))),
  acos: slope((ct, x) => neg(mul(ct, apply("rsqrt", oneMinusSquare(x))))),
  atan: slope((ct, x) => div(ct, shift(square(x), 1))),
  sinh: slope((ct, x) => mul(ct, apply("cosh", x))),
  cosh: slope((ct, x) => mul(ct, apply("sinh", x))),
  tanh: slope((ct, _, y) => mul(ct, from(1, square(y)))),
  asinh: slope((ct, x) => mul(ct, apply("rsqrt", shift(square(x), 1)))),
  acosh: slope((ct, x) => mul(ct, apply("rsqrt", mul(shift(x, -1), shift(x, 1))))),
  atanh: slope((ct, x) => div(ct, oneMinusSquare(x))),
  erf: slope((ct, x) => mul(scale(ct, 2 / Math.sqrt(Math.PI)), apply("exponential", neg(square(x))))),
  erf_inv: slope((ct, _, y) => mul(scale(ct, Math.sqrt(Math.PI) / 2), apply("exponential", square(y)))),
  is_finite: zero,
  not: zero,
  convert: convertRule,
  bitcast_convert: zero,
  stop_gradient: zero,
  identity: slope((ct) => ct),

  add: (_, ct) => [ct, ct],
  subtract: (_, ct) => [ct, neg(ct)],
  multiply: ({ inputs: [x, y] }, ct) => [mul(ct, y!), mul(ct, x!)],
  divide(node, ct) {
    const dx = div(ct, node.inputs[1]!);
    return [dx, neg(mul(dx, node))];
  },
  // x rem y = x - n · y, where the whole number n does not change nearby.
  remainder(node, ct) {
    const [x, y] = [node.inputs[0]!, node.inputs[1]!];
    return [ct, neg(mul(ct, apply("round_nearest_even", div(sub(x, node), y))))];
  },
  power,
  maximum: extreme("GT"),
  minimum: extreme("LT"),
  atan2({ inputs: [y, x] }, ct) {
    const share = div(ct, add(square(x!), square(y!)));
    return [mul(share, x!), neg(mul(share, y!))];
  },
  and: zero,
  or: zero,
  xor: zero,
  shift_left: zero,
  shift_right_logical: zero,
  shift_right_arithmetic: zero,
  compare: zero,
  select({ inputs: [condition] }, ct) {
    const none = constantLike(0, ct);
    return [undefined, where(condition!, ct), apply("select", condition!, none, ct)];
  },
};
