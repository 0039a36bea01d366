/** What each primitive that reads many elements for one accumulates, for one element of its result. */
import { is, type Node } from "../../graph/node.ts";
import { freeAxes, type ReduceKind } from "../../graph/primitives.ts";
import { type DType, integerRange, isFloat } from "../../tensor/dtype.ts";
import type { Shape } from "../../tensor/shape.ts";
import { type Expr, type ExprTable, type Index, type LoopVar, loopVar } from "../loop_ir/index.ts";
import type { Group } from "../schedule/groups.ts";
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

/** The nodes that one accumulation per element computes. */
type Accumulating = Exclude<NonNullable<Group["heavy"]>, Node<"select_and_scatter">>;

/** Variables for the elements of a result with the axes in the order of `domain`; features in groups have one for the group and one for the place in it. */
export function resultAxes(
  t: ExprTable,
  heavy: Accumulating,
  domain: Shape,
): { variables: LoopVar[]; at: Index[] } {
  const groups = is(heavy, "convolution") ? heavy.attrs.groups : 1;
  const features = domain.at(-1)!;
  const { variables, at } = axisVariables(t, groups === 1 ? domain : domain.slice(0, -1));
  if (groups === 1) return { variables, at };
  const [group, own] = [loopVar(groups, "g"), loopVar(features / groups)];
  const last = t.index.combine(0, [t.index.variable(group), t.index.variable(own)], [own.extent, 1]);
  return { variables: [...variables, group, own].filter((v) => v.extent !== 1), at: [...at, last] };
}

/** The accumulation that gives one element of a node. */
export function accumulate(t: ExprTable, heavy: Accumulating, at: readonly Index[], puller: Puller): Core {
  if (is(heavy, "dot_general")) return accumulateProduct(t, heavy, at, puller);
  if (is(heavy, "convolution")) return accumulateConvolution(t, heavy, at, puller);
  if (is(heavy, "reduce_window")) return accumulateWindow(t, heavy, at, puller);
  if (is(heavy, "arg_reduce")) return accumulateExtreme(t, heavy, at, puller);
  return accumulateReduction(t, heavy, at, puller);
}

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

function accumulateReduction(
  t: ExprTable,
  heavy: Node<"reduce">,
  at: readonly Index[],
  puller: Puller,
): Core {
  const [x] = heavy.inputs as [Node];
  const sorted = [...heavy.attrs.axes].sort((a, b) => a - b);
  const sums = axisVariables(
    t,
    sorted.map((d) => x.shape[d]!),
  );
  const term = puller.value(x, withSummed(x.shape, sorted, at, sums.at));
  return { summed: sums.variables, ...gather(t, heavy, term) };
}

function accumulateWindow(
  t: ExprTable,
  heavy: Node<"reduce_window">,
  at: readonly Index[],
  puller: Puller,
): Core {
  const { window, strides, dilations } = heavy.attrs;
  const sums = axisVariables(t, window);
  const place = at.map((i, d) => t.index.combine(0, [i, sums.at[d]!], [strides[d]!, dilations[d]!]));
  return { summed: sums.variables, ...gather(t, heavy, puller.value(heavy.inputs[0]!, place)) };
}

/** What one more term does to a reduction. */
function gather(
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

function accumulateConvolution(
  t: ExprTable,
  heavy: Node<"convolution">,
  at: readonly Index[],
  puller: Puller,
): Core {
  const [x, kernel] = heavy.inputs as [Node, Node];
  const { strides, dilations, groups } = heavy.attrs;
  const last = heavy.shape.length - 1;
  const sums = axisVariables(t, kernel.shape.slice(0, last));
  const feature = at[last]!;
  const place = at.map((i, d) => {
    if (d === 0) return i;
    if (d < last) return t.index.combine(0, [i, sums.at[d - 1]!], [strides[d - 1]!, dilations[d - 1]!]);
    const group = t.index.div(i, kernel.shape[last]! / groups);
    return t.index.combine(0, [group, sums.at[d - 1]!], [kernel.shape[last - 1]!, 1]);
  });
  const [a, b] = [puller.value(x, place), puller.value(kernel, [...sums.at, feature])];
  return { summed: sums.variables, guards: paddingGuards(t, x, place), ...gatherProducts(t, heavy, a, b) };
}

/** For each padded axis of an array, whether a place along it lies in what was padded and not in the padding. */
function paddingGuards(t: ExprTable, x: Node, place: readonly Index[]): Expr[] {
  if (!is(x, "pad")) return [];
  const [inside, value] = x.inputs as [Node, Node];
  if (!is(value, "constant") || value.attrs.value !== 0) return [];
  const { low, high, interior } = x.attrs;
  return place.flatMap((p, d): Expr[] => {
    if (low[d] === 0 && high[d] === 0 && interior[d] === 0) return [];
    const [n, step] = [inside.shape[d]!, interior[d]! + 1];
    const at = t.indexValue(p);
    const conditions = [
      t.op("ge", [at, t.const("int32", low[d]!)]),
      t.op("lt", [at, t.const("int32", low[d]! + (n - 1) * step + 1)]),
    ];
    if (step > 1) {
      const ahead = ((-low[d]! % step) + step) % step;
      const rest = t.indexValue(t.index.mod(t.index.addConstant(p, ahead), step));
      conditions.push(t.op("eq", [rest, t.const("int32", 0)]));
    }
    return [conditions.reduce((a, b) => t.op("and", [a, b]))];
  });
}

/** What one more product does to a sum. */
function gatherProducts(t: ExprTable, { dtype }: Node, a: Expr, b: Expr): Omit<Core, "summed"> {
  const register = t.register(a.type);
  return {
    accumulators: [{ register, begin: t.const(a.type, 0), next: product(t, a, b, t.reg(register)) }],
    factors: [a, b],
    combine: (p, q) => t.op("add", [p, q]),
    result: settle(t, t.reg(register), dtype),
  };
}

function accumulateProduct(
  t: ExprTable,
  heavy: Node<"dot_general">,
  at: readonly Index[],
  puller: Puller,
): Core {
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
}

/** How many axes of the result come before those of the right side. */
function batchAndLeft(rank: number, batch: readonly number[], contracting: readonly number[]): number {
  return batch.length + freeAxes(rank, batch, contracting).length;
}

/** The best value so far and its place; NaN beats everything, and the first one stays. */
function accumulateExtreme(
  t: ExprTable,
  heavy: Node<"arg_reduce">,
  at: readonly Index[],
  puller: Puller,
): Core {
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
}
