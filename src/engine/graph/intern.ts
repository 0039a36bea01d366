/**
 * Interning: equal nodes become one object, which is common subexpression elimination. A table lives as long as one
 * simplification, so that nothing keeps graphs alive afterwards.
 */
import { attributesKey } from "./hash.ts";
import type { Node } from "./node.ts";
import type { Primitive } from "./primitives.ts";

/** Primitives whose two operands may change places. */
export const commutative: ReadonlySet<Primitive> = new Set<Primitive>([
  "add",
  "multiply",
  "maximum",
  "minimum",
  "and",
  "or",
  "xor",
]);

function keyOf(node: Node): string {
  const { op, inputs } = node;
  let key: string = op;
  if (inputs.length === 2 && commutative.has(op)) {
    const [a, b] = [inputs[0]!.id, inputs[1]!.id];
    key += a < b ? ` ${a} ${b}` : ` ${b} ${a}`;
  } else {
    for (const input of inputs) key += ` ${input.id}`;
  }
  return key + attributesKey(node);
}

/** A table of nodes in which no two are equal. */
export class InternTable {
  readonly #nodes = new Map<string, Node>();

  /**
   * The node of the table that equals the given one, which enters the table if it is the first. The operands must be
   * interned already. Loops are equal if their bodies have the same structure; parameters equal only themselves.
   */
  intern(node: Node): Node {
    if (node.op === "parameter") return node;
    const key = keyOf(node);
    const known = this.#nodes.get(key);
    if (known !== undefined) return known;
    this.#nodes.set(key, node);
    return node;
  }
}
