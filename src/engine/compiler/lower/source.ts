/** What a kernel was made from and how much arithmetic it does: for profiles. */
import { is, type Node } from "../../graph/node.ts";
import { sizeOf } from "../../tensor/shape.ts";
import type { Source } from "../loop_ir/index.ts";
import type { Group } from "../schedule/groups.ts";

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

/** Of contractions the products and sums count, of all else about as many operations as instructions. */
function operations({ heavy, nodes, cost }: Group): number {
  if (heavy === undefined) return cost * sizeOf(nodes[0]!.shape);
  const [x, y] = heavy.inputs as [Node, Node];
  const outputs = sizeOf(heavy.shape);
  if (is(heavy, "dot_general")) {
    return 2 * outputs * product(heavy.attrs.lhsContracting.map((d) => x.shape[d]!));
  }
  if (is(heavy, "convolution")) return 2 * outputs * product(y.shape.slice(0, -1));
  if (is(heavy, "reduce_window")) return outputs * product(heavy.attrs.window);
  return sizeOf(x.shape);
}

/** The source of the kernel of a group. */
export function sourceOf(group: Group): Source {
  const { heavy, nodes } = group;
  // The contraction says best what a kernel is for.
  const origin = (heavy ?? nodes.find((n) => n.origin !== undefined))?.origin ?? nodes[0]!.origin;
  return { origin: origin?.name ?? "", operations: operations(group), shape: (heavy ?? nodes[0]!).shape };
}
