/**
 * Puts the groups of a graph in order, gives every value its buffer, and makes the steps of the program. Results that
 * take over the memory of a parameter (donated arguments, values that a loop carries) are written in place wherever no
 * one needs the old value any more; otherwise they are copied at the end.
 */

import { writesAll } from "../../graph/loops.ts";
import { type Graph, is, type Node } from "../../graph/node.ts";
import { isElementwise } from "../../graph/primitives.ts";
import type { Stages } from "../../graph/stages.ts";
import { sameShape, sizeOf } from "../../tensor/shape.ts";
import type { Buffer, ExprTable, Step } from "../loop_ir/index.ts";
import type { Lowered } from "../lower/alike.ts";
import { type Group, type Grouping, group, readsOf } from "./groups.ts";
import { keepsPlaces } from "./materialize.ts";
import { fuseRows } from "./rows.ts";

/** Makes buffers. */
export type NewBuffer = (node: Pick<Node, "dtype">, size: number) => Buffer;

/** What planning shares between a graph and the bodies of its loops. */
export interface PlanContext {
  readonly table: ExprTable;
  readonly newBuffer: NewBuffer;
  readonly lowered: Lowered;
}

/**
 * The steps that compute a graph, in parts.
 *
 * @param params where the parameters lie
 * @param targets where each result must lie at the end
 */
export function planGraph(
  graph: Graph,
  params: ReadonlyMap<Node, Buffer>,
  targets: readonly Buffer[],
  context: PlanContext,
): Stages<Step[]> {
  return new Planner(graph, params, targets, context).steps();
}

class Planner {
  readonly #params: ReadonlyMap<Node, Buffer>;
  readonly #targets: readonly Buffer[];
  readonly #context: PlanContext;
  readonly #grouping: Grouping;
  /** The memory of nodes: parameters at first, then whatever is decided. */
  readonly #buffers: Map<Node, Buffer>;
  readonly #paramAt: Map<Buffer, Node>;
  readonly #roots: readonly Node[];
  /** Groups that must come before a group, besides those that it reads. */
  readonly #after = new Map<Group, Set<Group>>();
  readonly #readers = new Map<Node, Set<Group>>();
  /** The places at which a loop takes each value, the number of rounds included. */
  readonly #taken = new Map<Node, ReadonlyMap<Node, readonly number[]>>();
  /** Where groups stand in an order that keeps to all demands so far. */
  #position: ReadonlyMap<Group, number>;

  constructor(
    graph: Graph,
    params: ReadonlyMap<Node, Buffer>,
    targets: readonly Buffer[],
    context: PlanContext,
  ) {
    this.#params = params;
    this.#targets = targets;
    this.#context = context;
    this.#grouping = group(graph);
    this.#buffers = new Map(params);
    this.#paramAt = new Map([...params].map(([node, buffer]) => [buffer, node]));
    this.#roots = graph.results.map((r) => this.#grouping.materialized.root(r));
    const inMemory = (n: Node): boolean => params.has(n) || this.#grouping.materialized.has(n);
    for (const g of this.#grouping.groups) {
      for (const n of g.nodes) {
        for (const r of readsOf(n, inMemory).keys()) {
          const list = this.#readers.get(r);
          if (list === undefined) this.#readers.set(r, new Set([g]));
          else list.add(g);
        }
      }
    }
    this.#position = this.#positions();
  }

  *steps(): Stages<Step[]> {
    const { before, after } = this.#placeResults();
    this.#shareMemory();
    for (const g of this.#grouping.groups) {
      for (const n of g.nodes) {
        if (n.op === "loop" || this.#buffers.has(n)) continue;
        if (this.#grouping.stored(n) || n.op === "result") this.#buffers.set(n, this.#fresh(n));
      }
    }
    const steps = before;
    for (const g of this.#order()) {
      yield;
      steps.push(...(yield* this.#groupSteps(g)));
    }
    return fuseRows(this.#context.table, [...steps, ...after]);
  }

  #fresh(node: Node): Buffer {
    return this.#context.newBuffer(node, sizeOf(node.shape));
  }

  /** Gives results their target where possible; the rest is copied before or after. */
  #placeResults(): { before: Step[]; after: Step[] } {
    const before: Step[] = [];
    const after: Step[] = [];
    const staged = new Map<Buffer, Buffer>();
    this.#roots.forEach((root, i) => {
      const target = this.#targets[i]!;
      const own = this.#params.get(root);
      if (own !== undefined) {
        if (own === target) return;
        let from = own;
        // The parameter's memory takes another result: keep the old value aside.
        if (this.#targets.some((t, j) => t === own && this.#roots[j] !== root)) {
          from = staged.get(own) ?? this.#fresh(root);
          if (!staged.has(own)) before.push({ kind: "copy", from: own, to: from });
          staged.set(own, from);
        }
        after.push({ kind: "copy", from, to: target });
        return;
      }
      if (!this.#buffers.has(root) && this.#tryPlace(root, target)) return;
      const from = this.#buffers.get(root) ?? this.#fresh(root);
      this.#buffers.set(root, from);
      after.push({ kind: "copy", from, to: target });
    });
    return { before, after };
  }

  /** Lets a node be computed in a buffer, if that overwrites nothing that is still needed. */
  #tryPlace(node: Node, target: Buffer): boolean {
    const g = this.#grouping.groupOf.get(node)!;
    const old = this.#paramAt.get(target);
    if (old !== undefined) {
      const readers = [...(this.#readers.get(old) ?? [])].filter((r) => r !== g);
      if (!this.#overwritesSafely(g, node, old)) return false;
      if (!this.#tryOrder(readers, g)) return false;
    }
    this.#buffers.set(node, target);
    return true;
  }

  /** Whether a group may write a node over a parameter that it may read itself. */
  #overwritesSafely(g: Group, node: Node, old: Node): boolean {
    if (is(node, "result")) {
      const taken = this.#takenBy(node.inputs[0]!).get(old) ?? [];
      return taken.every((i) => i === node.attrs.index + 1);
    }
    if (!this.#readers.get(old)?.has(g)) return true;
    if (node.op === "dynamic_update_slice" || node.op === "scatter") {
      return this.#grouping.materialized.root(node.inputs[0]!) === old && !this.#readsElsewhere(node, old);
    }
    if (node.op === "concatenate" || node.op === "pad") return false;
    return g.reads.get(old) === true;
  }

  /**
   * Whether an update reads what it is written into at another place than the one that it writes: an element may be made of
   * the one that it replaces.
   */
  #readsElsewhere(node: Node, old: Node): boolean {
    const { materialized } = this.#grouping;
    const [, update, ...starts] = node.inputs;
    const inMemory = (n: Node): boolean => this.#params.has(n) || materialized.has(n);
    const seen = new Set<Node>();
    const reads = (n: Node, inPlace: boolean): boolean => {
      if (inMemory(n)) return materialized.root(n) === old;
      if (seen.has(n)) return false;
      const same =
        inPlace &&
        n.op === "dynamic_slice" &&
        materialized.root(n.inputs[0]!) === old &&
        sameShape(n.shape, update!.shape) &&
        starts.every((start, i) => start === n.inputs[i + 1]);
      if (same) return starts.some((start) => reads(start, false));
      // What is read both ways counts as read elsewhere.
      if (!inPlace) seen.add(n);
      const through = inPlace && (isElementwise(n.op) || keepsPlaces(n));
      return n.inputs.some((input) => reads(input, through));
    };
    if (node.op === "scatter") return node.inputs.slice(1).some((x) => reads(x, false));
    return reads(update!, true) || starts.some((start) => reads(start, false));
  }

  #takenBy(loop: Node): ReadonlyMap<Node, readonly number[]> {
    let taken = this.#taken.get(loop);
    if (taken === undefined) {
      const made = new Map<Node, number[]>();
      loop.inputs.forEach((x, i) => {
        const root = this.#grouping.materialized.root(x);
        const places = made.get(root);
        if (places === undefined) made.set(root, [i]);
        else places.push(i);
      });
      taken = made;
      this.#taken.set(loop, taken);
    }
    return taken;
  }

  /** Demands that some groups come before another; refuses if that is impossible. */
  #tryOrder(earlier: readonly Group[], later: Group): boolean {
    const dependents = earlier.filter((e) => e !== later);
    if (dependents.some((e) => this.#dependsOn(e, later))) return false;
    const set = this.#after.get(later) ?? new Set();
    for (const e of dependents) set.add(e);
    this.#after.set(later, set);
    const at = this.#position.get(later)!;
    if (dependents.some((e) => this.#position.get(e)! > at)) this.#position = this.#positions();
    return true;
  }

  #positions(): Map<Group, number> {
    return new Map(this.#order().map((g, i) => [g, i]));
  }

  #before(g: Group): Group[] {
    const { groupOf } = this.#grouping;
    const out = new Set<Group>(this.#after.get(g) ?? []);
    for (const n of g.reads.keys()) {
      const other = groupOf.get(n);
      if (other !== undefined && other !== g) out.add(other);
    }
    return [...out];
  }

  #dependsOn(g: Group, on: Group): boolean {
    const seen = new Set<Group>();
    const stack = [g];
    const at = this.#position.get(on)!;
    while (stack.length > 0) {
      const it = stack.pop()!;
      if (it === on) return true;
      // What stands before a group in a valid order does not depend on it: in deep networks that is nearly all.
      if (seen.has(it) || this.#position.get(it)! < at) continue;
      seen.add(it);
      stack.push(...this.#before(it));
    }
    return false;
  }

  /** Lets updates and loops work in the memory of what they start from. Later ones first, so that chains share one. */
  #shareMemory(): void {
    const nodes = [...this.#grouping.materialized.nodes].reverse();
    const roots = new Set(this.#roots);
    for (const node of nodes) {
      let start: Node | undefined;
      if (node.op === "dynamic_update_slice" || node.op === "scatter") start = node.inputs[0];
      else if (is(node, "result")) start = (node.inputs[0] as Node<"loop">).inputs[node.attrs.index + 1];
      if (start === undefined) continue;
      const root = this.#grouping.materialized.root(start);
      if (this.#buffers.has(root) || !this.#grouping.materialized.has(root)) continue;
      const g = this.#grouping.groupOf.get(node)!;
      if (is(node, "result")) {
        if (this.#takenBy(node.inputs[0]!).get(root)!.length > 1) continue;
      } else if (this.#readsElsewhere(node, root)) continue;
      if (roots.has(root)) continue;
      const others = [...(this.#readers.get(root) ?? [])].filter((r) => r !== g);
      const own = this.#buffers.get(node) ?? this.#fresh(node);
      const producer = this.#grouping.groupOf.get(root)!;
      const old = this.#paramAt.get(own);
      // The producer writes first now, so whoever reads what was there before must come before it.
      if (old !== undefined) {
        const readers = [...(this.#readers.get(old) ?? [])].filter((r) => r !== producer);
        if (
          !this.#overwritesSafely(producer, root, old) ||
          readers.includes(g) ||
          !this.#tryOrder(readers, producer)
        )
          continue;
      }
      if (!this.#tryOrder(others, g)) continue;
      this.#buffers.set(node, own);
      this.#buffers.set(root, own);
    }
  }

  /** Every group after those that it needs; of those that are ready, the one that came first in the graph. */
  #order(): Group[] {
    const { groups, materialized } = this.#grouping;
    const rank = new Map(materialized.nodes.map((n, i) => [n, i]));
    const position = (g: Group): number => rank.get(g.nodes[g.nodes.length - 1]!)!;
    const waiting = new Map(groups.map((g) => [g, new Set(this.#before(g))]));
    const needed = new Map<Group, Group[]>();
    for (const [g, before] of waiting) {
      for (const b of before) {
        const list = needed.get(b);
        if (list === undefined) needed.set(b, [g]);
        else list.push(g);
      }
    }
    // The first of those that are ready stands last.
    const ready = groups.filter((g) => waiting.get(g)!.size === 0);
    ready.sort((a, b) => position(b) - position(a));
    const insert = (g: Group): void => {
      let [low, high] = [0, ready.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (position(ready[middle]!) > position(g)) low = middle + 1;
        else high = middle;
      }
      ready.splice(low, 0, g);
    };
    const out: Group[] = [];
    for (let g = ready.pop(); g !== undefined; g = ready.pop()) {
      out.push(g);
      for (const next of needed.get(g) ?? []) {
        const left = waiting.get(next)!;
        left.delete(g);
        if (left.size === 0) insert(next);
      }
    }
    return out;
  }

  #bufferOf(node: Node): Buffer | undefined {
    return this.#buffers.get(this.#grouping.materialized.root(node));
  }

  *#groupSteps(g: Group): Stages<Step[]> {
    const [first] = g.nodes;
    if (is(first!, "loop")) return yield* this.#loopSteps(first, g);
    const steps: Step[] = [];
    if (first!.op === "dynamic_update_slice" || first!.op === "scatter") {
      const [from, to] = [this.#bufferOf(first!.inputs[0]!)!, this.#buffers.get(first!)!];
      if (from !== to) steps.push({ kind: "copy", from, to });
    }
    const kernel = this.#context.lowered.kernel(g, {
      table: this.#context.table,
      buffer: (n) => this.#bufferOf(n),
      root: this.#grouping.materialized.root,
      stored: (n) => this.#grouping.stored(n),
      scratch: (size, dtype = "float32") => this.#context.newBuffer({ dtype }, size),
    });
    if (kernel.body.length > 0) steps.push({ kind: "kernel", kernel });
    return steps;
  }

  *#loopSteps(loop: Node<"loop">, g: Group): Stages<Step[]> {
    const { body, carries, conditional } = loop.attrs;
    const [count, ...values] = loop.inputs;
    const steps: Step[] = [];
    const params = new Map<Node, Buffer>();
    const index = this.#context.newBuffer({ dtype: "int32" }, 1);
    params.set(body.params[0]!, index);
    const results = new Map(g.nodes.map((n) => [is(n, "result") ? n.attrs.index : -1, n]));
    const targets = body.results.map((r, i) => {
      const result = results.get(i);
      return (result && this.#buffers.get(result)) ?? this.#fresh(r);
    });
    values.forEach((x, i) => {
      const from = this.#bufferOf(x);
      if (i >= carries) {
        params.set(body.params[i + 1]!, from!);
        return;
      }
      const to = targets[i]!;
      if (from !== undefined && from !== to && !writesAll(loop, i)) steps.push({ kind: "copy", from, to });
      params.set(body.params[i + 1]!, to);
    });
    const inner = yield* planGraph(body, params, targets, this.#context);
    const step = { kind: "loop", count: this.#bufferOf(count!)!, index, body: inner } as const;
    steps.push(conditional ? { ...step, condition: targets[0]! } : step);
    return steps;
  }
}
