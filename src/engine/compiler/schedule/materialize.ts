/**
 * Decides which nodes get memory. All others are virtual: whoever needs an element computes it on the spot. A node gets
 * memory when it must (it accumulates, it runs a graph, it is a result) or when computing it again would cost more than
 * storing it.
 */

import { writesAll } from "../../graph/loops.ts";
import { type Graph, is, type Node, topological } from "../../graph/node.ts";
import { isElementwise, primitives } from "../../graph/primitives.ts";
import { windowsOverlap } from "../../graph/windows.ts";
import { sizeOf } from "../../tensor/shape.ts";
import { type ElementwisePrimitive, elementwiseCost } from "../elementwise.ts";

/** Instructions up to which an element is rather computed twice than stored and loaded. */
const cheap = 6;
/** Instructions that one kernel may take per element; what takes more is cut in two. */
export const longest = 400;
/**
 * Reshapes that may lie between an element and the memory it is read from. Each can double the arithmetic on indices,
 * for where axes do not line up, quotients and remainders of quotients and remainders are left.
 */
const deepest = 4;

/** The nodes with memory of one graph, in an order in which they can be computed. */
export interface Materialized {
  readonly nodes: readonly Node[];
  readonly has: (node: Node) => boolean;
  /** The node whose memory a node shares: itself, or what a chain of reshapes starts from. */
  readonly root: (node: Node) => Node;
  /** Whether a node is a convolution in another order of axes, and its only reader: one kernel computes both. */
  readonly turns: (node: Node) => boolean;
  /** About how many instructions an element takes, from what lies in memory. */
  readonly cost: (node: Node) => number;
}

export function materialize(graph: Graph): Materialized {
  const all = topological(graph.results);
  const users = new Map<Node, Node[]>();
  for (const node of all) {
    for (const input of new Set(node.inputs)) {
      const list = users.get(input);
      if (list === undefined) users.set(input, [node]);
      else list.push(node);
    }
  }
  const chosen = new Set<Node>();
  const results = new Set(graph.results);

  const mustHave = (node: Node): boolean => {
    const { kind } = primitives[node.op];
    if (kind === "contraction" || kind === "update" || kind === "control") return true;
    return node.op === "concatenate" || node.op === "pad";
  };

  // A reshape of something in memory is the same memory.
  const root = (node: Node): Node => {
    let it = node;
    while (keepsPlaces(it)) {
      const [from] = it.inputs;
      if (!(from!.op === "parameter" || keepsPlaces(from!) || chosen.has(from!))) break;
      it = from!;
    }
    return it.op === "parameter" || chosen.has(it) ? it : node;
  };

  // The features stay last, so that vectors of them are written.
  const turned = new Set(
    all.filter((node) => {
      if (!is(node, "transpose") || results.has(node.inputs[0]!)) return false;
      const [x] = node.inputs;
      const last = node.shape.length - 1;
      return x!.op === "convolution" && users.get(x!)!.length === 1 && node.attrs.permutation[last] === last;
    }),
  );

  // Operands that are read as a whole, by position in the user, need memory themselves.
  const wanted = new Set<Node>(graph.results);
  for (const node of all) {
    if (node.op === "loop") for (const x of node.inputs) wanted.add(x);
    // What it waits for must be computed to be waited for, and what it hands on be there already.
    if (node.op === "optimization_barrier") for (const x of node.inputs) wanted.add(x);
    if (node.op === "dynamic_update_slice" || node.op === "scatter") wanted.add(node.inputs[0]!);
    // Where a slice begins is the same for all its elements: a number in memory, not one that each of them computes.
    if (node.op === "dynamic_slice") for (const start of node.inputs.slice(1)) wanted.add(start);
    if (node.op === "dot_general" || node.op === "convolution")
      for (const x of node.inputs) wanted.add(computedPart(x));
  }

  const cost = new Map<Node, number>();
  const costOf = (node: Node): number => cost.get(node) ?? 0;
  const depth = new Map<Node, number>();
  for (const node of all) {
    if (node.op === "parameter") continue;
    let total = ownCost(node);
    let deep = node.op === "reshape" ? 1 : 0;
    for (const input of node.inputs) {
      if (chosen.has(input)) continue;
      total += costOf(input);
      deep = Math.max(deep, (depth.get(input) ?? 0) + (node.op === "reshape" ? 1 : 0));
    }
    cost.set(node, total);
    depth.set(node, deep);
    const isLeaf = node.op === "constant" || node.op === "iota";
    if (mustHave(node) || turned.has(node)) chosen.add(node);
    else if (wanted.has(node)) {
      // A loop takes any memory; a reshape of memory will do without a copy.
      if (root(node) === node && !(isLeaf && !results.has(node) && !neededWhole(node, users)))
        chosen.add(node);
    } else if (!isLeaf && isElementwise(node.op)) {
      const uses = users.get(node) ?? [];
      if (total > cheap && (uses.length > 1 || uses.some((u) => repeats(u, node)))) chosen.add(node);
    }
    // A reshape itself would share the memory of what it starts from.
    if ((deep > deepest || total > longest) && !keepsPlaces(node)) chosen.add(node);
  }
  return {
    nodes: all.filter((n) => chosen.has(n)),
    has: (n) => chosen.has(n),
    root,
    turns: (n) => turned.has(n),
    cost: costOf,
  };
}

/** Whether elements have the same places in row-major order as those of operand 0, so that both can share their memory. */
export function keepsPlaces(node: Node): boolean {
  return node.op === "reshape" || node.op === "optimization_barrier";
}

/** Whether a leaf is needed in memory by something that takes memory only. */
function neededWhole(node: Node, users: ReadonlyMap<Node, readonly Node[]>): boolean {
  return (users.get(node) ?? []).some((u) => {
    if (is(u, "loop")) return u.inputs.some((x, i) => x === node && !(i > 0 && writesAll(u, i - 1)));
    return (u.op === "dynamic_update_slice" || u.op === "scatter") && u.inputs[0] === node;
  });
}

function ownCost(node: Node): number {
  if (isElementwise(node.op)) return elementwiseCost(node.op as ElementwisePrimitive, node.dtype);
  if (node.op === "rng_bit_generator") return 100;
  if (node.op === "gather") return 4;
  return node.op === "dynamic_slice" ? 1 : 0;
}

/** Whether a user reads elements of an operand more than once. */
function repeats(user: Node, operand: Node): boolean {
  if (user.op === "broadcast_in_dim" || user.op === "gather")
    return sizeOf(user.shape) > sizeOf(operand.shape);
  if (is(user, "reduce_window") || is(user, "select_and_scatter")) return windowsOverlap(user.attrs);
  return user.op === "dot_general" || user.op === "convolution";
}

/**
 * The part of a contraction's operand that should lie in memory: what remains when views are taken off, if that is
 * computed. Every element is read many times, so it must not be computed at every read.
 */
function computedPart(operand: Node): Node {
  let it = operand;
  for (;;) {
    if (it.op === "optimization_barrier") it = it.inputs[0]!;
    else if (primitives[it.op].kind === "view" && it.inputs.length === 1) it = it.inputs[0]!;
    else if (it.op === "dynamic_slice") it = it.inputs[0]!;
    else return it;
  }
}
