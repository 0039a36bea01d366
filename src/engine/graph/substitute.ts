/** Copies graphs with some nodes replaced: how bodies of loops are inlined, and captured values become parameters. */
import { customGradientOf, setCustomGradient } from "./custom_gradient.ts";
import { makeNode, type Node, topological } from "./node.ts";
import { setOrigin } from "./origin.ts";
import { type Region, regionOf, setRegion } from "./recomputed.ts";

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
  const regions = new Map<Region, Region>();
  const twin = (region: Region): Region => {
    let made = regions.get(region);
    if (made === undefined) {
      made = { outer: region.outer && twin(region.outer) };
      regions.set(region, made);
    }
    return made;
  };
  const outer = setOrigin(undefined);
  for (const node of topological(roots, (n) => replacements.has(n))) {
    if (copies.has(node)) continue;
    const inputs = node.inputs.map((input) => copies.get(input)!);
    const changed = inputs.some((input, i) => input !== node.inputs[i]);
    setOrigin(node.origin);
    const copy = changed ? makeNode(node.op, inputs, node.attrs, node.shape, node.dtype) : node;
    copies.set(node, copy);
    if (!changed) continue;
    copyCustomGradient(node, copy, replacements);
    const region = regionOf(node);
    if (region !== undefined) setRegion(copy, twin(region));
  }
  setOrigin(outer);
  return roots.map((root) => copies.get(root)!);
}

/** Lets a copy bring along what its original brings: the same gradient, with the same nodes replaced. */
function copyCustomGradient(node: Node, copy: Node, replacements: ReadonlyMap<Node, Node>): void {
  const custom = customGradientOf(node);
  if (custom === undefined) return;
  setCustomGradient(copy, {
    args: substitute(custom.args, replacements),
    pull(cotangent) {
      const given = custom.pull(cotangent);
      const copies = substitute(
        given.filter((n) => n !== undefined),
        replacements,
      );
      let next = 0;
      return given.map((n) => (n === undefined ? undefined : copies[next++]));
    },
  });
}
