/**
 * Computing anew what a gradient needs of a region (`graph/recomputed.ts`): nodes of the region are copied, and what the
 * copies read from outside stands behind a barrier that opens when the way back arrives there. So nothing that the region
 * computed has to stay in memory in between.
 */
import { apply } from "../graph/build.ts";
import { customGradientOf, setCustomGradient } from "../graph/custom_gradient.ts";
import { makeNode, type Node, topological } from "../graph/node.ts";
import { isWithin, type Region, regionOf } from "../graph/recomputed.ts";
import { substitute } from "../graph/substitute.ts";

/** The copies of one gradient. */
export class Recomputation {
  /** For each region the cotangents that arrived there first. */
  readonly #arrived = new Map<Region, readonly Node[]>();
  /** Copies by region: of its nodes, and of what they read from outside. */
  readonly #copies = new Map<Region, Map<Node, Node>>();

  /**
   * What stands for a node on the way back: a copy if it is to be computed anew, else the node itself.
   *
   * @param cotangents of the node's values
   */
  of(node: Node, cotangents: readonly Node[]): Node {
    const region = regionOf(node);
    if (region === undefined) return node;
    for (let it: Region | undefined = region; it !== undefined; it = it.outer) {
      if (!this.#arrived.has(it)) this.#arrived.set(it, cotangents);
    }
    return this.#copy(node, region);
  }

  #copy(root: Node, region: Region): Node {
    const copies = this.#copiesOf(region);
    for (const node of topological([root], (n) => copies.has(n) || !isWithin(n, region))) {
      if (copies.has(node)) continue;
      copies.set(
        node,
        isWithin(node, region) ? this.#anew(node, region, copies) : this.#behind(node, region),
      );
    }
    return copies.get(root)!;
  }

  #copiesOf(region: Region): Map<Node, Node> {
    let copies = this.#copies.get(region);
    if (copies === undefined) this.#copies.set(region, (copies = new Map()));
    return copies;
  }

  #anew(node: Node, region: Region, copies: ReadonlyMap<Node, Node>): Node {
    const inputs = node.inputs.map((input) => copies.get(input)!);
    const copy = makeNode(node.op, inputs, node.attrs, node.shape, node.dtype);
    const custom = customGradientOf(node);
    if (custom !== undefined) {
      setCustomGradient(copy, {
        args: custom.args.map((arg) => this.#copy(arg, region)),
        pull: (cotangent) => {
          const given = custom.pull(cotangent);
          const known = given.filter((n) => n !== undefined);
          for (const n of topological(known, (n) => n === cotangent))
            if (isWithin(n, region)) this.#copy(n, region);
          const anew = substitute(known, new Map([...this.#copiesOf(region), [cotangent, cotangent]]));
          let next = 0;
          return given.map((n) => (n === undefined ? undefined : anew[next++]));
        },
      });
    }
    return copy;
  }

  /** What a region reads from outside, there when the way back arrives; from inside of an outer region, computed anew too. */
  #behind(node: Node, region: Region): Node {
    const source = region.outer === undefined ? node : this.#copy(node, region.outer);
    if (source.op === "constant" || source.op === "iota") return source;
    return apply("optimization_barrier", source, ...this.#arrived.get(region)!);
  }
}
