/** Gradients that values bring along, in place of those of the operations that they were computed by. */
import type { Node } from "./node.ts";

/** How the cotangent of a value goes over to what the value was computed from. */
export interface CustomGradient {
  readonly args: readonly Node[];
  /** One cotangent for each argument; undefined means zero. */
  readonly pull: (cotangent: Node) => readonly (Node | undefined)[];
}

/** Kept beside the graph, which is data: gradients are taken before anything is simplified or compiled. */
const table: WeakMap<Node, CustomGradient> = new WeakMap();

/** Gives a node a gradient of its own. */
export function setCustomGradient(node: Node, custom: CustomGradient): void {
  table.set(node, custom);
}

/** The gradient that a node brings along, if it does. */
export function customGradientOf(node: Node): CustomGradient | undefined {
  return table.get(node);
}
