/** Copies graphs with some nodes replaced: how bodies of loops are inlined, and captured values become parameters. */
import { makeNode, type Node, topological } from "./node.ts";
import { setOrigin } from "./origin.ts";

/**
 * The roots anew, with every node that the map names replaced by its partner. What lies behind a replaced node is not
 * visited; nodes that depend on none of the replaced ones are shared with the original.
 *
 * @param roots what to copy, typically a graph's results
 * @param replacements for each replaced node one of the same shape and dtype
 */
export function substitute(roots: readonly Node[], replacements: ReadonlyMap<Node, Node>): Node[] {
  if (replacements.size === 0) return [...roots];
  const copies = new Map<Node, Node>(replacements);
  const outer = setOrigin(undefined);
  for (const node of topological(roots, (n) => replacements.has(n))) {
    if (copies.has(node)) continue;
    const inputs = node.inputs.map((input) => copies.get(input)!);
    const changed = inputs.some((input, i) => input !== node.inputs[i]);
    setOrigin(node.origin);
    copies.set(node, changed ? makeNode(node.op, inputs, node.attrs, node.shape, node.dtype) : node);
  }
  setOrigin(outer);
  return roots.map((root) => copies.get(root)!);
}
