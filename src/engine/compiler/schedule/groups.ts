/**
 * Fusion: gathers the nodes that get memory into groups, each of which becomes one kernel (or loop). Nodes join the
 * group of a node that they read element by element, so that a contraction takes its epilogue with it and an optimizer's
 * update is one pass.
 */
import { type Graph, is, type Node } from "../../graph/node.ts";
import { isElementwise, primitives } from "../../graph/primitives.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { keepsPlaces, longest, type Materialized, materialize } from "./materialize.ts";

/** A node that reads many elements for one. */
export type Heavy = {
  readonly [P in
    | "reduce"
    | "arg_reduce"
    | "dot_general"
    | "convolution"
    | "reduce_window"
    | "select_and_scatter"]: Node<P>;
};

/** Nodes that one kernel computes. */
export interface Group {
  /** In an order in which they can be computed. */
  readonly nodes: Node[];
  /** The contraction that the kernel accumulates, if it has one. */
  heavy: Heavy[keyof Heavy] | undefined;
  /** What the group reads from memory: nodes of other groups and parameters. Whether only element by element. */
  readonly reads: Map<Node, boolean>;
  /** About how many instructions an element takes. */
  cost: number;
}

/** A graph cut into groups; which nodes the outside of their group needs. */
export interface Grouping {
  readonly groups: readonly Group[];
  readonly groupOf: ReadonlyMap<Node, Group>;
  readonly materialized: Materialized;
  /** Whether a node must be written to memory, because something outside of its group reads it. */
  readonly stored: (node: Node) => boolean;
}

/** Whether a node is computed by one plain loop over its elements. */
function isPlain(node: Node): boolean {
  const { kind } = primitives[node.op];
  if (node.op === "concatenate" || node.op === "pad") return false;
  return isElementwise(node.op) || kind === "view" || kind === "leaf" || kind === "index";
}

function isHeavy(node: Node): node is Heavy[keyof Heavy] {
  return primitives[node.op].kind === "contraction" && node.op !== "arg_sort";
}

export function group(graph: Graph): Grouping {
  const materialized = materialize(graph);
  const order = new Map(materialized.nodes.map((n, i) => [n, i]));
  const groupOf = new Map<Node, Group>();
  const live = new Set<Group>();

  const inMemory = (n: Node): boolean => n.op === "parameter" || materialized.has(n);
  const last = (g: Group): number => order.get(g.nodes[g.nodes.length - 1]!)!;

  /** Whether `from` depends on `target` through other groups; `from` itself does not count. */
  const reaches = (from: Iterable<Node>, target: Group, skip: ReadonlySet<Group>): boolean => {
    const first = order.get(target.nodes[0]!)!;
    const seen = new Set<Group>();
    const stack: Group[] = [];
    for (const n of from) {
      const g = groupOf.get(n);
      if (g !== undefined && !skip.has(g)) stack.push(g);
    }
    while (stack.length > 0) {
      const g = stack.pop()!;
      if (g === target) return true;
      if (seen.has(g) || last(g) < first) continue;
      seen.add(g);
      for (const n of g.reads.keys()) {
        const next = groupOf.get(n);
        if (next !== undefined) stack.push(next);
      }
    }
    return false;
  };

  for (const node of materialized.nodes) {
    if (is(node, "result")) {
      join(groupOf.get(node.inputs[0]!)!, { nodes: [node], heavy: undefined, reads: new Map(), cost: 0 });
      continue;
    }
    const reads = readsOf(node, inMemory, materialized.turns);
    const fresh: Group = {
      nodes: [node],
      heavy: isHeavy(node) ? node : undefined,
      reads,
      cost: materialized.cost(node),
    };
    let home: Group | undefined;
    if (isPlain(node)) {
      const byElement = new Map<Group, boolean>();
      for (const [n, same] of reads) {
        const g = groupOf.get(n);
        if (g !== undefined) byElement.set(g, same && (byElement.get(g) ?? true));
      }
      const fits = [...byElement].filter(([g, same]) => same && joinable(g, fresh)).map(([g]) => g);
      fits.sort((a, b) => last(b) - last(a));
      for (const g of fits) {
        if (home === undefined) {
          const others = [...reads.keys()].filter((n) => groupOf.get(n) !== g);
          if (!reaches(others, g, new Set())) home = join(g, fresh);
        } else if (home !== g && compatible(home, g)) {
          // Neighbours of one size that the node reads both: one pass serves all three.
          const apart = new Set([home]);
          const own = home.nodes.filter((n) => n !== node);
          const others = own
            .flatMap((n) => [...readsOf(n, inMemory).keys()])
            .filter((n) => groupOf.get(n) !== g);
          const theirs = [...g.reads.keys()];
          const rest = [...reads.keys()].filter((n) => groupOf.get(n) !== g && groupOf.get(n) !== home);
          if (
            !reaches([...others, ...rest], g, apart) &&
            !reaches(theirs, home, new Set()) &&
            !own.some((n) => groupOf.get(n) === g)
          ) {
            const direct = own
              .flatMap((n) => [...readsOf(n, inMemory, materialized.turns)])
              .filter(([n]) => groupOf.get(n) === g);
            if (direct.every(([, same]) => same)) home = merge(g, home);
          }
        }
      }
    }
    if (home === undefined) {
      groupOf.set(node, fresh);
      live.add(fresh);
    }
  }

  function join(g: Group, fresh: Group): Group {
    const [node] = fresh.nodes;
    g.nodes.push(node!);
    g.cost += fresh.cost;
    groupOf.set(node!, g);
    for (const [n, same] of fresh.reads) {
      if (groupOf.get(n) !== g) g.reads.set(n, same && (g.reads.get(n) ?? true));
    }
    return g;
  }

  function merge(a: Group, b: Group): Group {
    const [into, from] = a.heavy !== undefined ? [a, b] : [b, a];
    into.nodes.push(...from.nodes);
    into.cost += from.cost;
    into.nodes.sort((x, y) => order.get(x)! - order.get(y)!);
    for (const n of from.nodes) groupOf.set(n, into);
    for (const [n, same] of from.reads) into.reads.set(n, same && (into.reads.get(n) ?? true));
    for (const n of [...into.reads.keys()]) if (groupOf.get(n) === into) into.reads.delete(n);
    live.delete(from);
    return into;
  }

  // Reads were collected before later nodes joined; what is read across groups decides what is stored.
  const outside = new Set<Node>(graph.results.map((r) => materialized.root(r)));
  const groups = [...live];
  for (const g of groups) {
    for (const n of g.nodes) {
      for (const r of readsOf(n, inMemory).keys()) if (groupOf.get(r) !== g) outside.add(r);
    }
  }
  return { groups, groupOf, materialized, stored: (n) => outside.has(n) };
}

/** Whether the plain node of a fresh group may be computed in another group's loop over elements. */
function joinable(g: Group, fresh: Group): boolean {
  if (g.heavy === undefined && !g.nodes.every(isPlain)) return false;
  const size = sizeOf(fresh.nodes[0]!.shape);
  return sizeOf(g.nodes[0]!.shape) === size && size > 0 && g.cost + fresh.cost <= longest;
}

/** Whether two groups may become one loop. */
function compatible(a: Group, b: Group): boolean {
  if ((a.heavy !== undefined && b.heavy !== undefined) || a.cost + b.cost > longest) return false;
  const plain = (g: Group): boolean => g.nodes.every((n) => n === g.heavy || isPlain(n));
  return plain(a) && plain(b) && sizeOf(a.nodes[0]!.shape) === sizeOf(b.nodes[0]!.shape);
}

/**
 * What computing a node reads from memory, through whatever is virtual between, and whether every read is element by
 * element: the n-th element for the n-th element in row-major order, of a node that turns its operand in its own order.
 */
export function readsOf(
  node: Node,
  inMemory: (n: Node) => boolean,
  turns: (n: Node) => boolean = () => false,
): Map<Node, boolean> {
  const out = new Map<Node, boolean>();
  const seen = new Map<Node, boolean>();
  const visit = (n: Node, same: boolean): void => {
    const before = seen.get(n);
    if (before !== undefined && (before === same || !before)) return;
    seen.set(n, same);
    if (inMemory(n)) {
      out.set(n, same && (out.get(n) ?? true));
      return;
    }
    const through = same && (isElementwise(n.op) || keepsPlaces(n));
    n.inputs.forEach((input, i) => {
      // A barrier only waits for its other operands: whoever reads it comes after them, and not with them.
      visit(input, through && (i === 0 || n.op !== "optimization_barrier"));
    });
  };
  const direct = isElementwise(node.op) || keepsPlaces(node) || turns(node);
  for (const input of node.inputs) visit(input, direct);
  return out;
}
