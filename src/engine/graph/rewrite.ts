/**
 * The rewriting engine: rebuilds a graph from its parameters upwards through an interning table and asks the rules about
 * every node, until nothing changes. Operands are in their simplest form before their users are looked at, so one pass
 * does nearly all the work; what depends on how often a node is used waits for the second. Nothing here recurs along
 * the graph, only into the nodes that one rule makes and into the bodies of loops.
 */
import { build, constant, scalarValue } from "./build.ts";
import { InternTable } from "./intern.ts";
import { mergeLoops, shrinkLoop } from "./loops.ts";
import { type Graph, is, makeNode, type Node, topological } from "./node.ts";
import { setOrigin } from "./origin.ts";
import type { Context, Rule } from "./pattern.ts";
import type { Attrs, Primitive } from "./primitives.ts";

/** Rules by the primitive that they are tried on, in the order of the list. */
export type RuleTable = ReadonlyMap<Primitive, readonly Rule[]>;

/** Sorts rules by primitive. */
export function ruleTable(rules: readonly Rule[]): RuleTable {
  const table = new Map<Primitive, Rule[]>();
  for (const rule of rules) {
    for (const op of rule.ops) {
      const list = table.get(op);
      if (list === undefined) table.set(op, [rule]);
      else list.push(rule);
    }
  }
  return table;
}

/** Rules that never come to rest are stopped: by the number of passes, and by how deep replacements may nest. */
const maxPasses = 16;
const maxDepth = 64;

const noNodes: ReadonlyMap<Node, Node> = new Map();

class Rewriter implements Context {
  readonly #rules: RuleTable;
  /** Bodies that need no second look, shared with the rewriters of bodies. */
  readonly #done: Set<Graph>;
  readonly #table = new InternTable();
  /** The simplest form of every node that this pass has looked at. */
  #simplest = new Map<Node, Node>();
  #uses: Map<Node, number> | undefined;
  /** What each `result` of a loop of the old graph becomes. */
  readonly #results = new Map<Node, readonly (Node | undefined)[]>();
  #depth = 0;

  constructor(rules: RuleTable, done: Set<Graph>) {
    this.#rules = rules;
    this.#done = done;
  }

  rewrite(graph: Graph, replaced: ReadonlyMap<Node, Node>): Graph {
    let results = this.#rebuild(mergeLoops(graph.results), new Map(replaced));
    for (let pass = 1; pass < maxPasses; pass++) {
      this.#simplest = new Map();
      this.#countUses(results); // Only now: before the first pass, equal nodes were not one yet.
      const next = this.#rebuild(results, new Map());
      if (next.every((r, i) => r === results[i])) break;
      results = next;
    }
    return results.every((r, i) => r === graph.results[i]) ? graph : { params: graph.params, results };
  }

  make<P extends Primitive>(op: P, inputs: readonly Node[], attrs: Attrs[P]): Node {
    return this.#simplify(build(op, inputs, attrs));
  }

  uses(node: Node): number {
    return this.#uses?.get(node) ?? Number.POSITIVE_INFINITY;
  }

  #countUses(results: readonly Node[]): void {
    const uses = new Map<Node, number>();
    const count = (node: Node): void => void uses.set(node, (uses.get(node) ?? 0) + 1);
    for (const node of topological(results)) node.inputs.forEach(count);
    results.forEach(count);
    this.#uses = uses;
  }

  /** Rebuilds what the roots reach. `map` holds what some nodes are replaced by, and gains the rest. */
  #rebuild(roots: readonly Node[], map: Map<Node, Node>): Node[] {
    const order = topological(roots);
    const read = new Map<Node, boolean[]>();
    for (const node of order) {
      if (is(node, "loop")) read.set(node, new Array<boolean>(node.attrs.carries).fill(false));
      else if (is(node, "result")) read.get(node.inputs[0]!)![node.attrs.index] = true;
    }
    const outer = setOrigin(undefined);
    for (const node of order) {
      if (map.has(node)) continue;
      setOrigin(node.origin);
      if (is(node, "loop")) {
        const inputs = node.inputs.map((input) => map.get(input)!);
        this.#results.set(node, this.#loop(node, inputs, read.get(node)!));
      } else if (is(node, "result")) {
        map.set(node, this.#results.get(node.inputs[0]!)![node.attrs.index]!);
      } else {
        map.set(node, this.#simplify(this.#withInputs(node, map)));
      }
    }
    setOrigin(outer);
    return roots.map((root) => map.get(root)!);
  }

  #withInputs(node: Node, map: ReadonlyMap<Node, Node>): Node {
    if (node.inputs.every((input) => map.get(input) === input)) return node;
    const inputs = node.inputs.map((input) => map.get(input)!);
    return makeNode(node.op, inputs, node.attrs, node.shape, node.dtype);
  }

  /** The simplest form of a node whose operands are in theirs. */
  #simplify(node: Node): Node {
    const interned = this.#table.intern(node);
    const known = this.#simplest.get(interned);
    if (known !== undefined) return known;
    let out = interned;
    if (this.#depth < maxDepth) {
      this.#depth++;
      for (const rule of this.#rules.get(interned.op) ?? []) {
        const next = rule.apply(interned, this);
        if (next === undefined || next === interned) continue;
        out = next;
        break;
      }
      this.#depth--;
    }
    this.#simplest.set(interned, out);
    return out;
  }

  /** What the results of a loop become; undefined for those that nobody reads. */
  #loop(node: Node<"loop">, inputs: readonly Node[], read: readonly boolean[]): (Node | undefined)[] {
    const [count, ...values] = inputs;
    const { body, conditional, most } = node.attrs;
    const rounds = scalarValue(count!);
    if (rounds !== undefined && rounds <= 0) return values.slice(0, read.length);
    if (rounds === 1 && !conditional) return this.#inline(body, values, read);

    const small = shrinkLoop(body, values, read, conditional, (inner, replaced) =>
      this.#body(inner, replaced),
    );
    this.#done.add(small.body);
    const operands = [count!, ...small.carries, ...small.captures];
    const attrs = { body: small.body, carries: small.carries.length, conditional, most };
    const same = small.body === body && operands.every((x, i) => x === node.inputs[i]);
    const loop = this.#table.intern(same ? node : makeNode("loop", operands, attrs, node.shape, node.dtype));
    return small.results.map((r) => (typeof r === "number" ? this.make("result", [loop], { index: r }) : r));
  }

  /** The results of a loop that runs once: its body, put in its place. */
  #inline(body: Graph, values: readonly Node[], read: readonly boolean[]): (Node | undefined)[] {
    const [index, ...params] = body.params;
    const map = new Map(params.map((param, i) => [param, values[i]!]));
    map.set(index!, this.#simplify(constant(0, index!)));
    this.#rebuild(
      body.results.filter((_, i) => read[i]),
      map,
    );
    return body.results.map((result, i) => (read[i] ? map.get(result) : undefined));
  }

  #body(body: Graph, replaced: ReadonlyMap<Node, Node>): Graph {
    if (replaced.size === 0 && this.#done.has(body)) return body;
    const out = new Rewriter(this.#rules, this.#done).rewrite(body, replaced);
    this.#done.add(out);
    return out;
  }
}

/**
 * Applies rules to a graph and to the bodies of its loops until none applies. What no result needs falls away, and equal
 * nodes become one. The parameters stay the same nodes in the same order, used or not.
 */
export function rewrite(graph: Graph, rules: RuleTable): Graph {
  return new Rewriter(rules, new Set()).rewrite(graph, noNodes);
}
