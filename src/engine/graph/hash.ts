/** Canonical texts of graphs: what compiled programs are cached by, and what tells equal nodes when a graph is interned. */
import { attributeNames } from "./attributes.ts";
import type { Graph, Node } from "./node.ts";

/** Numbers with commas between, as `join` makes it, which is slower for a few. */
function listKey(numbers: readonly number[]): string {
  let key = "";
  for (let i = 0; i < numbers.length; i++) key += `${numbers[i]!},`;
  return key;
}

function valueKey(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "t" : "f";
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (Array.isArray(value)) return listKey(value);
  return `{${structureKey(value as Graph)}}`; // the only attribute left is a loop's body
}

/** A text that two nodes of one primitive share exactly if their attributes are equal. */
export function attributesKey(node: Node): string {
  const names = attributeNames(node.op);
  if (names.length === 0) return "";
  const attrs = node.attrs as Readonly<Record<string, unknown>>;
  let key = "";
  for (const name of names) key += `|${valueKey(attrs[name])}`;
  return key;
}

const keys = new WeakMap<Graph, string>();

/**
 * A text that two graphs share exactly if they have the same structure: the same primitives with the same attributes,
 * connected alike, from the same parameters to the same results. The identities of nodes do not count.
 */
export function structureKey(graph: Graph): string {
  const known = keys.get(graph);
  if (known !== undefined) return known;
  const numbers = new Map<Node, number>();
  let key = "";
  for (const param of graph.params) {
    numbers.set(param, numbers.size);
    key += `${param.dtype}[${listKey(param.shape)}]`;
  }
  // As `topological` goes, but with one table for both what was met and its number: eager operations wait for this.
  let next = numbers.size;
  const open = -1;
  const stack: Node[] = [];
  const places: number[] = [];
  for (const result of graph.results) {
    if (numbers.has(result)) continue;
    numbers.set(result, open);
    stack.push(result);
    places.push(0);
    while (stack.length > 0) {
      const top = stack.length - 1;
      const node = stack[top]!;
      const input = node.inputs[places[top]!++];
      if (input === undefined) {
        numbers.set(node, next++);
        key += `;${node.op}`;
        for (const operand of node.inputs) key += ` ${numbers.get(operand)!}`;
        key += attributesKey(node);
        stack.pop();
        places.pop();
      } else if (!numbers.has(input)) {
        numbers.set(input, open);
        stack.push(input);
        places.push(0);
      }
    }
  }
  key += ">";
  for (const result of graph.results) key += ` ${numbers.get(result)!}`;
  keys.set(graph, key);
  return key;
}
