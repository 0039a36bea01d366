/**
 * Regions of a graph whose values the gradient computes anew in place of keeping them. Which nodes belong to one is kept
 * beside the graph, which is data: gradients are taken before anything is simplified or compiled.
 */
import { type Node, topological } from "./node.ts";

/** What one call of a function computed. */
export interface Region {
  /** The region that this one lies in. */
  outer: Region | undefined;
}

const table: WeakMap<Node, Region> = new WeakMap();

/** The innermost region that a node belongs to. */
export function regionOf(node: Node): Region | undefined {
  return table.get(node);
}

/** Puts a node into a region. */
export function setRegion(node: Node, region: Region): void {
  table.set(node, region);
}

/** Whether a node belongs to a region, or to one inside of it. */
export function isWithin(node: Node, region: Region): boolean {
  for (let it = table.get(node); it !== undefined; it = it.outer) if (it === region) return true;
  return false;
}

/**
 * Makes a region of the nodes that lead to some results.
 *
 * @param first the number of the first node that can belong to it
 */
export function makeRegion(results: readonly Node[], first: number): void {
  const region: Region = { outer: undefined };
  for (const node of topological(results, (n) => n.id < first)) {
    if (node.id < first || node.inputs.length === 0) continue;
    let inner = table.get(node);
    if (inner === undefined) table.set(node, region);
    else {
      while (inner.outer !== undefined) inner = inner.outer;
      if (inner !== region) inner.outer = region;
    }
  }
}
