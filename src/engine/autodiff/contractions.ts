/** Gradients of reductions and products of arrays. */
import { build, compare, constant, convert, dotGeneral, reshape, sum, transpose } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import { freeAxes, type ReduceKind } from "../graph/primitives.ts";
import { sizeOf } from "../tensor/shape.ts";
import { div, mul, unreduce, where } from "./arithmetic.ts";
import { type VjpRule, type VjpRules, zero } from "./rule.ts";
import { inverse } from "./views.ts";

type ReduceRule = VjpRule<"reduce">;

const reduceSum: ReduceRule = ({ inputs: [x], attrs }, ct) => [unreduce(ct, x!.shape, attrs.axes)];

/** All elements that equal the extreme share its cotangent. */
const reduceExtreme: ReduceRule = (node, ct) => {
  const {
    attrs: { axes },
  } = node;
  const x = node.inputs[0]!;
  const isExtreme = compare("EQ", x, unreduce(node, x.shape, axes));
  const share = div(ct, sum(convert(isExtreme, x.dtype), axes));
  return [where(isExtreme, unreduce(share, x.shape, axes))];
};

/**
 * The product of all elements before (`side` "low") or behind each one, along the last axis. Doubling the reach each time
 * takes log n steps.
 */
function productOfOthers(x: Node, side: "low" | "high"): Node {
  const last = x.shape.length - 1;
  const one = constant(1, { shape: [], dtype: x.dtype });
  const moved = (of: Node, by: number): Node => {
    const towards = x.shape.map((_, axis) => (axis === last ? by : 0));
    const away = towards.map((n) => -n);
    const [low, high] = side === "low" ? [towards, away] : [away, towards];
    return build("pad", [of, one], { low, high, interior: x.shape.map(() => 0) });
  };
  const n = x.shape[last]!;
  let product = moved(x, Math.min(1, n));
  for (let reach = 1; reach < n; reach *= 2) product = mul(product, moved(product, reach));
  return product;
}

/** Multiplies the elements before and behind each one, and so never divides by an element, which may be zero. */
const reduceProduct: ReduceRule = ({ inputs: [x], attrs: { axes } }, ct) => {
  const kept = x!.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const order = [...kept, ...axes];
  const moved = transpose(x!, order);
  const flat = reshape(moved, [
    ...kept.map((axis) => x!.shape[axis]!),
    sizeOf(axes.map((axis) => x!.shape[axis]!)),
  ]);
  const others = mul(productOfOthers(flat, "low"), productOfOthers(flat, "high"));
  const result = mul(unreduce(ct, flat.shape, [kept.length]), others);
  return [transpose(reshape(result, moved.shape), inverse(order))];
};

const reduceRules: { readonly [K in ReduceKind]: ReduceRule } = {
  sum: reduceSum,
  prod: reduceProduct,
  max: reduceExtreme,
  min: reduceExtreme,
  and: zero,
  or: zero,
};

/** `from` to `to`, without `to`. */
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** The other side's contracting axes in the order of its memory, as numbers of this side's axes. */
function partners(own: readonly number[], other: readonly number[]): number[] {
  return [...other].sort((a, b) => a - b).map((axis) => own[other.indexOf(axis)]!);
}

/**
 * The result's axes are (batch, left free, right free). Contracting the cotangent's right free axes with the right side
 * leaves (batch, left free, contracted); contracting the left side with its left free axes leaves (batch, contracted,
 * right free). For plain matrix products neither has to be transposed.
 */
const dotGeneralRule: VjpRule<"dot_general"> = ({ inputs, attrs, shape }, ct) => {
  const { lhsBatch, rhsBatch, lhsContracting, rhsContracting } = attrs;
  const [x, y] = [inputs[0]!, inputs[1]!];
  const lhsFree = freeAxes(x.shape.length, lhsBatch, lhsContracting);
  const rhsFree = freeAxes(y.shape.length, rhsBatch, rhsContracting);
  const batch = range(0, lhsBatch.length);
  const left = range(lhsBatch.length, lhsBatch.length + lhsFree.length);
  const right = range(lhsBatch.length + lhsFree.length, shape.length);

  const dx = dotGeneral(ct, y, {
    lhsBatch: batch,
    rhsBatch,
    lhsContracting: right,
    rhsContracting: rhsFree,
  });
  const dy = dotGeneral(x, ct, {
    lhsBatch,
    rhsBatch: batch,
    lhsContracting: lhsFree,
    rhsContracting: left,
  });
  return [
    transpose(dx, inverse([...lhsBatch, ...lhsFree, ...partners(lhsContracting, rhsContracting)])),
    transpose(dy, inverse([...rhsBatch, ...partners(rhsContracting, lhsContracting), ...rhsFree])),
  ];
};

export const contractions: VjpRules<"reduce" | "arg_reduce" | "dot_general"> = {
  reduce: (node, ct) => reduceRules[node.attrs.kind](node, ct),
  arg_reduce: zero,
  dot_general: dotGeneralRule,
};
