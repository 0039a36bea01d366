/** The kernels of the primitives that read arrays by windows. */
import { is, type Node } from "../../graph/node.ts";
import type { Expr, ExprTable, Index } from "../loop_ir/index.ts";
import { type Accumulate, gather, gatherProducts } from "./accumulate.ts";
import { convolutionLoops } from "./convolution.ts";
import { accumulating, type Lowerings } from "./lowering.ts";
import { axisVariables } from "./nest.ts";
import { lowerSelect } from "./select_and_scatter.ts";

const accumulateWindow: Accumulate<"reduce_window"> = (t, heavy, at, puller) => {
  const { window, strides, dilations } = heavy.attrs;
  const sums = axisVariables(t, window);
  const place = at.map((i, d) => t.index.combine(0, [i, sums.at[d]!], [strides[d]!, dilations[d]!]));
  return { summed: sums.variables, ...gather(t, heavy, puller.value(heavy.inputs[0]!, place)) };
};

const accumulateConvolution: Accumulate<"convolution"> = (t, heavy, at, puller) => {
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
};

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

export const windowLowerings: Lowerings<"convolution" | "reduce_window" | "select_and_scatter"> = {
  convolution: accumulating(accumulateConvolution, convolutionLoops),
  reduce_window: accumulating(accumulateWindow),
  select_and_scatter: lowerSelect,
};
