/** Makes loops smaller: carries that do not change become captures, and what nobody reads goes. */
import { sameShape } from "../tensor/shape.ts";
import { constant, scalarValue } from "./build.ts";
import { type Graph, is, makeNode, type Node, topological } from "./node.ts";
import { substitute } from "./substitute.ts";

/** A loop taken apart. Where it gives `undefined` for a carry, nobody reads that result. */
export interface SmallLoop {
  readonly body: Graph;
  readonly carries: readonly Node[];
  readonly captures: readonly Node[];
  /** For each carry of the old loop: its number in the new one, or the value that it keeps. */
  readonly results: readonly (number | Node | undefined)[];
}

/** A value that goes into a loop, and its parameter inside. */
interface Entry {
  readonly value: Node;
  readonly param: Node;
}

/** Which parameters can be replaced inside: those that bring constants, and the second of two that bring the same. */
function substitutions(entries: readonly Entry[]): Map<Node, Node> {
  const first = new Map<Node, Node>();
  const out = new Map<Node, Node>();
  for (const { value, param } of entries) {
    const earlier = first.get(value);
    if (is(value, "constant")) out.set(param, constant(value.attrs.value, value));
    else if (earlier !== undefined) out.set(param, earlier);
    else first.set(value, param);
  }
  return out;
}

/** Of the carries that change, those whose values reach a result that is read, through any number of rounds. */
function neededCarries(body: Graph, read: readonly boolean[], changes: readonly boolean[]): boolean[] {
  const needed = read.map((r, i) => r && changes[i]!);
  for (;;) {
    const reached = new Set(topological(body.results.filter((_, i) => needed[i])));
    const fresh = changes.flatMap((c, i) => (c && !needed[i] && reached.has(body.params[i + 1]!) ? [i] : []));
    if (fresh.length === 0) return needed;
    for (const i of fresh) needed[i] = true;
  }
}

/**
 * The same loop with as few carries and captures as it needs.
 *
 * @param values the carried values, then the captures
 * @param read for each carry whether its result is read
 * @param conditional whether the first carried value decides about each round, so that it stays one
 * @param simplify simplifies a body, some of whose parameters are replaced
 */
export function shrinkLoop(
  body: Graph,
  values: readonly Node[],
  read: readonly boolean[],
  conditional: boolean,
  simplify: (body: Graph, replaced: ReadonlyMap<Node, Node>) => Graph,
): SmallLoop {
  const [index, ...params] = body.params;
  const entries = values.map((value, i): Entry => ({ value, param: params[i]! }));
  const staying = (graph: Graph): boolean[] =>
    read.map((_, i) => !(conditional && i === 0) && graph.results[i] === params[i]);
  let stays = staying(body);
  let inside = simplify(body, substitutions(entries.filter((_, i) => stays[i] ?? true)));
  // Simplifying may show that further carries never change.
  const later = staying(inside);
  if (later.some((s, i) => s && !stays[i])) {
    inside = simplify(inside, substitutions(entries.filter((_, i) => later[i] ?? true)));
  }
  stays = later;

  const changes = stays.map((s) => !s);
  const reading = conditional ? [true, ...read.slice(1)] : read;
  const needed = neededCarries(inside, reading, changes);
  const carried = entries.filter((_, i) => needed[i]);
  const results = inside.results.filter((_, i) => needed[i]);
  const reached = new Set(topological(results));
  const captured = entries.filter((e, i) => !needed[i] && reached.has(e.param));
  const same = carried.length === read.length && carried.length + captured.length === values.length;
  let next = 0;
  return {
    body: same ? inside : { params: [index!, ...[...carried, ...captured].map((e) => e.param)], results },
    carries: carried.map((e) => e.value),
    captures: captured.map((e) => e.value),
    results: read.map((r, i) => (needed[i] ? next++ : r ? values[i] : undefined)),
  };
}

/**
 * Whether the rounds of a loop write all rows of a carried array, one after the other, and read it nowhere: then it does
 * not matter what it began with.
 *
 * @param carry the number of the carried value
 */
export function writesAll(node: Node<"loop">, carry: number): boolean {
  const { body, carries, conditional } = node.attrs;
  const result = body.results[carry];
  if (carry >= carries || conditional || !is(result!, "dynamic_update_slice")) return false;
  const count = scalarValue(node.inputs[0]!);
  const [index, param] = [body.params[0]!, body.params[carry + 1]!];
  const [base, update, start, ...zeros] = result.inputs;
  const [rows, ...row] = param.shape;
  if (count === undefined || base !== param || !sameShape(update!.shape, [1, ...row])) return false;
  if (zeros.some((s) => scalarValue(s) !== 0)) return false;
  // Rows from the first one on, or backwards from the last one.
  const last =
    is(start!, "subtract") && start.inputs[1] === index ? scalarValue(start.inputs[0]!) : undefined;
  const whole = start === index ? count >= rows! : last === count - 1 && count === rows;
  if (!whole) return false;
  const others = topological(body.results).filter((n) => n !== result);
  return (
    !others.some((n) => n.inputs.includes(param)) &&
    result.inputs.indexOf(param, 1) < 0 &&
    !body.results.includes(param)
  );
}

/** Whether a loop computes all that another one does, from the same values and with the same nodes. */
function includes(large: Node<"loop">, small: Node<"loop">): boolean {
  const [a, b] = [small.attrs, large.attrs];
  if (large === small || a.conditional || b.conditional || b.carries < a.carries) return false;
  if (large.inputs[0] !== small.inputs[0] || a.body.params[0] !== b.body.params[0]) return false;
  const brought = new Map(b.body.params.slice(1).map((param, i) => [param, large.inputs[i + 1]]));
  return (
    a.body.results.every(
      (r, i) => r === b.body.results[i] && a.body.params[i + 1] === b.body.params[i + 1],
    ) && a.body.params.slice(1).every((param, i) => brought.get(param) === small.inputs[i + 1])
  );
}

/**
 * Roots in which loops that another loop includes are left out: the gradient of a loop runs it again and keeps more of it,
 * after which the first run is for nothing.
 */
export function mergeLoops(roots: readonly Node[]): readonly Node[] {
  const order = topological(roots);
  const loops = order.filter((n) => is(n, "loop"));
  if (loops.length < 2) return roots;
  const merged = new Map<Node, Node<"loop">>();
  for (const small of loops) {
    const large = loops.findLast((l) => !merged.has(l) && includes(l, small));
    if (large !== undefined) merged.set(small, large);
  }
  if (merged.size === 0) return roots;
  const replaced = new Map<Node, Node>();
  for (const node of order) {
    const large = is(node, "result") ? merged.get(node.inputs[0]!) : undefined;
    if (large !== undefined)
      replaced.set(
        node,
        makeNode("result", [large], node.attrs as { index: number }, node.shape, node.dtype),
      );
  }
  return substitute(roots, replaced);
}
