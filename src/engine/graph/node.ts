/**
 * The graph: immutable nodes, each one primitive applied to operands. A graph is a list of parameters and a list of
 * results; whatever the results reach belongs to it. Nodes are made through `build.ts`, which checks them, and interned
 * when a graph is simplified.
 */
import type { DType } from "../tensor/dtype.ts";
import type { Shape } from "../tensor/shape.ts";
import { currentOrigin, type Origin } from "./origin.ts";
import type { Attrs, Primitive } from "./primitives.ts";

/** One primitive applied to operands. */
export interface Node<P extends Primitive = Primitive> {
  readonly id: number;
  readonly op: P;
  readonly inputs: readonly Node[];
  readonly attrs: Attrs[P];
  readonly shape: Shape;
  readonly dtype: DType;
  /** What was at work when the node was made; equal nodes may differ in it. */
  readonly origin: Origin | undefined;
}

/** A function from parameters (nodes of the primitive `parameter`) to results. */
export interface Graph {
  readonly params: readonly Node[];
  readonly results: readonly Node[];
}

let nextId = 0;

/** Makes a node without checks: for `build` and for passes that keep shapes. */
export function makeNode<P extends Primitive>(
  op: P,
  inputs: readonly Node[],
  attrs: Attrs[P],
  shape: Shape,
  dtype: DType,
): Node<P> {
  return { id: nextId++, op, inputs, attrs, shape, dtype, origin: currentOrigin() };
}

/** Narrows a node to one primitive, so that its attributes have their type. */
export function is<P extends Primitive>(node: Node, op: P): node is Node<P> {
  return node.op === op;
}

/**
 * Every node that the roots reach, operands before users. It keeps its own stack: chains of eager operations can be
 * longer than the host's call stack. What lies behind nodes for which `stop` holds is left out.
 */
export function topological(
  roots: readonly Node[],
  stop?: (node: Node) => boolean,
  inputsOf: (node: Node) => readonly Node[] = ({ inputs }) => inputs,
): Node[] {
  const done = new Set<Node>();
  const out: Node[] = [];
  const stack: { node: Node; next: number }[] = [];
  for (const root of roots) {
    if (done.has(root)) continue;
    done.add(root);
    stack.push({ node: root, next: 0 });
    while (stack.length > 0) {
      const top = stack[stack.length - 1]!;
      const input = stop?.(top.node) ? undefined : inputsOf(top.node)[top.next++];
      if (input === undefined) {
        out.push(top.node);
        stack.pop();
      } else if (!done.has(input)) {
        done.add(input);
        stack.push({ node: input, next: 0 });
      }
    }
  }
  return out;
}

/** The number of the next node: what is made from now on has at least this one. */
export function nextNodeId(): number {
  return nextId;
}
