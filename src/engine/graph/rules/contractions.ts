/** Rules of `dot_general`. A product of two numbers that is -0 may stay so where adding it to 0 would give +0. */
import { sizeOf } from "../../tensor/shape.ts";
import { is, type Node } from "../node.ts";
import { type Context, constantOf, on, type Rule } from "../pattern.ts";
import { type Attrs, freeAxes } from "../primitives.ts";
import { reshaped } from "./views.ts";

type DotDims = Attrs["dot_general"];

const lengthsOf = (x: Node, axes: readonly number[]): number[] => axes.map((a) => x.shape[a]!);
const ascending = (axes: readonly number[]): boolean => axes.every((a, i) => i === 0 || a > axes[i - 1]!);

/** The places in the result of the axes that come from the left side and from the right side. */
function resultAxes(node: Node<"dot_general">): { batch: number; left: number; rank: number } {
  const { lhsBatch, lhsContracting } = node.attrs;
  const batch = lhsBatch.length;
  return {
    batch,
    left: node.inputs[0]!.shape.length - batch - lhsContracting.length,
    rank: node.shape.length,
  };
}

/** One side, its axes in the order of the result, repeated along the axes that come from the other side. */
function spread(
  x: Node,
  batch: readonly number[],
  contracting: readonly number[],
  node: Node,
  dims: readonly number[],
  context: Context,
): Node {
  const order = [...batch, ...freeAxes(x.shape.length, batch, contracting)];
  const kept = [...order].sort((a, b) => a - b);
  const flat = reshaped(x, lengthsOf(x, kept), context);
  const moved = context.make("transpose", [flat], { permutation: order.map((a) => kept.indexOf(a)) });
  return context.make("broadcast_in_dim", [moved], { shape: node.shape, dims });
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** The axes of a transposed side as axes of what is transposed, if that leaves the free axes in order. */
function untransposed(
  x: Node,
  batch: readonly number[],
  contracting: readonly number[],
): { x: Node; batch: number[]; contracting: number[] } | undefined {
  if (!is(x, "transpose")) return undefined;
  const { permutation } = x.attrs;
  const through = (axes: readonly number[]): number[] => axes.map((a) => permutation[a]!);
  if (!ascending(through(freeAxes(x.shape.length, batch, contracting)))) return undefined;
  return { x: x.inputs[0]!, batch: through(batch), contracting: through(contracting) };
}

export const contractions: readonly Rule[] = [
  on("dot_general", (node, context) => {
    const [x, y] = [node.inputs[0]!, node.inputs[1]!];
    const { lhsBatch, rhsBatch, lhsContracting, rhsContracting } = node.attrs;
    const terms = sizeOf(lengthsOf(x, lhsContracting));
    if (terms === 0) return constantOf(0, node, context); // a sum of nothing
    if (terms > 1) return undefined;
    // a sum of one product → multiply
    const { batch, left, rank } = resultAxes(node);
    const lhs = spread(x, lhsBatch, lhsContracting, node, range(0, batch + left), context);
    const rhsDims = [...range(0, batch), ...range(batch + left, rank)];
    const rhs = spread(y, rhsBatch, rhsContracting, node, rhsDims, context);
    return context.make("multiply", [lhs, rhs], {});
  }),
  // A transposed side is read as it lies.
  on("dot_general", (node, context) => {
    const [x, y] = [node.inputs[0]!, node.inputs[1]!];
    const { lhsBatch, rhsBatch, lhsContracting, rhsContracting } = node.attrs;
    const l = untransposed(x, lhsBatch, lhsContracting);
    const r = untransposed(y, rhsBatch, rhsContracting);
    if (l === undefined && r === undefined) return undefined;
    const attrs: DotDims = {
      lhsBatch: l?.batch ?? lhsBatch,
      rhsBatch: r?.batch ?? rhsBatch,
      lhsContracting: l?.contracting ?? lhsContracting,
      rhsContracting: r?.contracting ?? rhsContracting,
    };
    return context.make("dot_general", [l?.x ?? x, r?.x ?? y], attrs);
  }),
  // transpose of dot → dot with its sides exchanged, where that is all the transpose does and nobody else needs the dot
  on("transpose", (node, context) => {
    const dot = node.inputs[0]!;
    if (!is(dot, "dot_general") || context.uses(dot) > 1) return undefined;
    const { batch, left, rank } = resultAxes(dot);
    const exchanged = [...range(0, batch), ...range(batch + left, rank), ...range(batch, batch + left)];
    if (node.attrs.permutation.some((p, i) => p !== exchanged[i])) return undefined;
    const { lhsBatch, rhsBatch, lhsContracting, rhsContracting } = dot.attrs;
    return context.make("dot_general", [dot.inputs[1]!, dot.inputs[0]!], {
      lhsBatch: rhsBatch,
      rhsBatch: lhsBatch,
      lhsContracting: rhsContracting,
      rhsContracting: lhsContracting,
    });
  }),
];
