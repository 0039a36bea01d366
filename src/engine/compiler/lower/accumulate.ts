/** What each primitive that reads many elements for one accumulates, for one element of its result. */
import type { Node } from "../../graph/node.ts";
import { freeAxes, type Primitive, type ReduceKind } from "../../graph/primitives.ts";
import { type DType, integerRange, isFloat } from "../../tensor/dtype.ts";
import type { Shape } from "../../tensor/shape.ts";
import type { Expr, ExprTable, Index } from "../loop_ir/index.ts";
import { settle } from "../storage.ts";
import { axisVariables } from "./nest.ts";
import type { Puller } from "./pull.ts";
import { type Contraction, product } from "./tile.ts";

const reductions = { sum: "add", prod: "mul", max: "max", min: "min", and: "and", or: "or" } as const;

/** What a reduction of nothing gives. */
function neutral(kind: ReduceKind, dtype: DType): number {
  switch (kind) {
    case "sum":
    case "or":
      return 0;
    case "prod":
    case "and":
      return 1;
    case "max":
      return isFloat(dtype) ? Number.NEGATIVE_INFINITY : integerRange(dtype)[0];
    case "min":
      return isFloat(dtype) ? Number.POSITIVE_INFINITY : integerRange(dtype)[1];
  }
}

/** All of a contraction but where its result goes. */
export type Core = Omit<Contraction, "outputs" | "stores"> & { readonly result: Expr };

/** The accumulation that gives one element of a node. */
export type Accumulate<P extends Primitive> = (
  t: ExprTable,
  node: Node<P>,
  at: readonly Index[],
  puller: Puller,
) => Core;

/** The place in an operand whose axes `axes` are summed over, given the place in the result. */
function withSummed(
  shape: Shape,
  axes: readonly number[],
  at: readonly Index[],
  sums: readonly Index[],
): Index[] {
  let [o, s] = [0, 0];
  return shape.map((_, d) => (axes.includes(d) ? sums[s++]! : at[o++]!));
}

export const accumulateReduction: Accumulate<"reduce"> = (t, heavy, at, puller) => {
  const [x] = heavy.inputs as [Node];
  const sorted = [...heavy.attrs.axes].sort((a, b) => a - b);
  const sums = axisVariables(
    t,
    sorted.map((d) => x.shape[d]!),
  );
  const term = puller.value(x, withSummed(x.shape, sorted, at, sums.at));
  return { summed: sums.variables, ...gather(t, heavy, term) };
};

/** What one more term does to a reduction. */
export function gather(
  t: ExprTable,
  { attrs: { kind }, dtype }: Node<"reduce"> | Node<"reduce_window">,
  term: Expr,
): Omit<Core, "summed"> {
  const begin = t.const(term.type, neutral(kind, dtype));
  const register = t.register(term.type);
  const combine = (a: Expr, b: Expr): Expr => t.op(reductions[kind], [a, b]);
  return {
    accumulators: [{ register, begin, next: combine(t.reg(register), term) }],
    factors: undefined,
    combine,
    result: kind === "sum" || kind === "prod" ? settle(t, t.reg(register), dtype) : t.reg(register),
  };
}

/** What one more product does to a sum. */
export function gatherProducts(t: ExprTable, { dtype }: Node, a: Expr, b: Expr): Omit<Core, "summed"> {
  const register = t.register(a.type);
  return {
    accumulators: [{ register, begin: t.const(a.type, 0), next: product(t, a, b, t.reg(register)) }],
    factors: [a, b],
    combine: (p, q) => t.op("add", [p, q]),
    result: settle(t, t.reg(register), dtype),
  };
}

export const accumulateProduct: Accumulate<"dot_general"> = (t, heavy, at, puller) => {
  const [x, y] = heavy.inputs as [Node, Node];
  const { lhsBatch, rhsBatch, lhsContracting, rhsContracting } = heavy.attrs;
  const sums = axisVariables(
    t,
    lhsContracting.map((d) => x.shape[d]!),
  );
  const side = (
    node: Node,
    batch: readonly number[],
    contracting: readonly number[],
    first: number,
  ): Expr => {
    const place: Index[] = [];
    batch.forEach((d, i) => {
      place[d] = at[i]!;
    });
    contracting.forEach((d, i) => {
      place[d] = sums.at[i]!;
    });
    freeAxes(node.shape.length, batch, contracting).forEach((d, i) => {
      place[d] = at[first + i]!;
    });
    return puller.value(node, place);
  };
  const split = batchAndLeft(x.shape.length, lhsBatch, lhsContracting);
  const a = side(x, lhsBatch, lhsContracting, lhsBatch.length);
  const b = side(y, rhsBatch, rhsContracting, split);
  return { summed: sums.variables, ...gatherProducts(t, heavy, a, b) };
};

/** How many axes of the result come before those of the right side. */
function batchAndLeft(rank: number, batch: readonly number[], contracting: readonly number[]): number {
  return batch.length + freeAxes(rank, batch, contracting).length;
}

/** The best value so far and its place; NaN beats everything, and the first one stays. */
export const accumulateExtreme: Accumulate<"arg_reduce"> = (t, heavy, at, puller) => {
  const [x] = heavy.inputs as [Node];
  const { kind, axis } = heavy.attrs;
  const sums = axisVariables(t, [x.shape[axis]!]);
  const term = puller.value(x, withSummed(x.shape, [axis], at, sums.at));
  const best = t.register(term.type);
  const place = t.register("int32");
  const [b, p] = [t.reg(best), t.reg(place)];
  const position = t.indexValue(sums.at[0]!);
  // The very first element always counts, so the start value is never compared with.
  let better = t.op("or", [
    t.op(kind === "max" ? "gt" : "lt", [term, b]),
    t.op("lt", [p, t.const("int32", 0)]),
  ]);
  if (term.type === "float32" || term.type === "float64") {
    const nan = (e: Expr): Expr => t.op("ne", [e, e]);
    const firstNaN = t.op("and", [nan(term), t.op("not", [nan(b)])]);
    better = t.op("or", [better, firstNaN]);
  }
  return {
    summed: sums.variables,
    accumulators: [
      { register: best, begin: t.const(term.type, 0), next: t.op("select", [better, term, b]) },
      { register: place, begin: t.const("int32", -1), next: t.op("select", [better, position, p]) },
    ],
    factors: undefined,
    combine: undefined,
    result: p,
  };
};
