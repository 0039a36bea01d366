/** Functions of tensors as graphs. */
import { parameter } from "../graph/build.ts";
import { type Graph, type Node, topological } from "../graph/node.ts";
import { simplify } from "../graph/simplify.ts";
import { substitute } from "../graph/substitute.ts";
import { escaped, knownValue } from "./evaluate.ts";
import { Tensor } from "./tensor.ts";
import { traced } from "./trace.ts";
import { treeMap } from "./tree.ts";
import type { Variable } from "./variable.ts";

/** A traced function: a graph whose parameters are the tensors among the arguments, then variables, then captures. */
export interface Traced {
  readonly graph: Graph;
  readonly donations: readonly (number | undefined)[];
  readonly variables: readonly Variable[];
  readonly assigned: readonly Variable[];
  readonly captures: readonly Node[];
  /** The result's structure, with the number of the graph's result in place of each tensor. */
  readonly output: unknown;
  readonly tensors: number;
}

/** A place in the output structure where the n-th result goes. */
export class Slot {
  readonly at: number;
  constructor(at: number) {
    this.at = at;
  }
}

/**
 * Runs a function on abstract tensors.
 *
 * @param holes parameters that the function makes itself; asked for when it has run
 */
export function traceFunction(
  fn: (...args: never[]) => unknown,
  args: readonly unknown[],
  holes: () => readonly Node[] = () => [],
): Traced {
  const params: Node[] = [];
  const inner = treeMap((value) => {
    if (!(value instanceof Tensor)) return value;
    const node = parameter(value);
    params.push(node);
    return new Tensor(node);
  }, args) as never[];
  const run = traced(() => fn(...inner));

  const outputs: Node[] = [];
  const output = treeMap((value) => {
    if (!(value instanceof Tensor)) return value;
    outputs.push(value.node);
    return new Slot(outputs.length - 1);
  }, run.result);

  const variables = [...run.trace.reads.keys()];
  const changes = run.trace.assigned();
  const own = new Set<Node>([...params, ...run.trace.reads.values(), ...holes()]);
  const captures = new Map<Node, Node>();
  const results = [...outputs, ...changes.values()];
  for (const node of topological(results, (n) => knownValue(n) !== undefined)) {
    if (own.has(node)) continue;
    if (knownValue(node) !== undefined) captures.set(node, parameter(node));
    else if (node.op === "parameter") throw escaped();
  }
  const first = params.length;
  return {
    graph: {
      params: [...params, ...run.trace.reads.values(), ...captures.values()],
      results: substitute(results, captures),
    },
    donations: [
      ...outputs.map(() => undefined),
      ...[...changes.keys()].map((v) => first + variables.indexOf(v)),
    ],
    variables,
    assigned: [...changes.keys()],
    captures: [...captures.keys()],
    output,
    tensors: outputs.length,
  };
}

/**
 * The graph that a function traces to, for looking at: print it with `printGraph`.
 *
 * @param fn as for `jit`
 * @param args example arguments; only their shapes and dtypes matter
 */
export function makeGraph<A extends readonly unknown[]>(fn: (...args: A) => unknown, ...args: A): Graph {
  return simplify(traceFunction(fn, args).graph);
}
