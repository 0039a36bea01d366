/** How kernels are made around one node: the contraction of the group, or its first node. */
import { is, type Node } from "../../graph/node.ts";
import type { Primitive } from "../../graph/primitives.ts";
import type { Shape } from "../../tensor/shape.ts";
import { type ExprTable, type Index, type LoopVar, loopVar, type Stmt } from "../loop_ir/index.ts";
import type { Group, Heavy } from "../schedule/groups.ts";
import type { Accumulate } from "./accumulate.ts";
import { contractionLoops } from "./contraction.ts";
import { axisVariables } from "./nest.ts";
import { Puller } from "./pull.ts";
import { lookup, type Surroundings, storesAt } from "./scope.ts";

/** Makes the statements of a group's kernel. */
export type Lowering<P extends Primitive> = (node: Node<P>, scope: Surroundings, group: Group) => Stmt[];

/** A lowering for each of some primitives. */
export type Lowerings<P extends Primitive> = { readonly [Q in P]: Lowering<Q> };

/** Variables for the elements of a result with the axes in the order of `domain`; features in groups have one for the group and one for the place in it. */
function resultAxes(t: ExprTable, heavy: Node, domain: Shape): { variables: LoopVar[]; at: Index[] } {
  const groups = is(heavy, "convolution") ? heavy.attrs.groups : 1;
  const features = domain.at(-1)!;
  const { variables, at } = axisVariables(t, groups === 1 ? domain : domain.slice(0, -1));
  if (groups === 1) return { variables, at };
  const [group, own] = [loopVar(groups, "g"), loopVar(features / groups)];
  const last = t.index.combine(0, [t.index.variable(group), t.index.variable(own)], [own.extent, 1]);
  return { variables: [...variables, group, own].filter((v) => v.extent !== 1), at: [...at, last] };
}

/** A kernel that accumulates the elements of a node, and computes the rest of the group from them. */
export function accumulating<P extends keyof Heavy>(
  accumulate: Accumulate<P>,
  loops: typeof contractionLoops = contractionLoops,
): Lowering<P> {
  return (heavy, scope, group) => {
    const t = scope.table;
    const inner = new Puller(t, (n) => scope.buffer(n));
    const turn = group.nodes.find((n): n is Node<"transpose"> => is(n, "transpose") && n.inputs[0] === heavy);
    const domain = turn?.shape ?? heavy.shape;
    const { variables, at } = resultAxes(t, heavy, domain);
    const own: Index[] = [];
    for (const [i, p] of (turn?.attrs.permutation ?? at.map((_, d) => d)).entries()) own[p] = at[i]!;
    const core = accumulate(t, heavy, own, inner);
    const outer = new Puller(
      t,
      lookup(group.nodes, scope, (n) => (n === heavy ? core.result : undefined)),
    );
    const stores = storesAt(group.nodes, domain, at, outer, scope);
    const { result: _, ...rest } = core;
    return loops(t, { ...rest, outputs: variables, stores }, scope.scratch);
  };
}
