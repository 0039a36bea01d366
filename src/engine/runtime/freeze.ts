/** Functions of tensors with the numbers that they read, to be run elsewhere. */
import type { FixedValue } from "../backends/standalone.ts";
import { type Graph, type Node, topological } from "../graph/node.ts";
import { simplify } from "../graph/simplify.ts";
import { type Composite, collecting, type TakesComposite } from "./composite.ts";
import { hostValue } from "./evaluate.ts";
import { Tensor } from "./tensor.ts";
import { Slot, traceFunction } from "./traced_function.ts";
import { treeMap } from "./tree.ts";
import type { Variable } from "./variable.ts";

/** A traced function with the numbers that it reads. */
export interface Frozen {
  /** Its parameters are the tensors among the arguments, then the frozen values. */
  readonly graph: Graph;
  readonly values: readonly FixedValue[];
  /** The result's structure, with the number of the graph's result in place of each tensor. */
  readonly output: unknown;
  /** The variables that the function would change. */
  readonly assigned: readonly Variable[];
  /** The computations that `takes` accepted. Their results are parameters besides those of the graph. */
  readonly composites: readonly Composite[];
}

/**
 * Traces a function and takes the present values of what it reads: all that is needed to run it elsewhere.
 *
 * @param fn as for `jit`
 * @param args example arguments; only their shapes and dtypes matter
 * @param takes says which computations with a name are kept as such; default: none
 */
export function freeze<A extends readonly unknown[]>(
  fn: (...args: A) => unknown,
  args: A,
  takes?: TakesComposite,
): Frozen {
  const { fn: noted, found } = takes === undefined ? { fn, found: [] } : collecting(takes, fn);
  const holes = (): readonly Node[] => found.flatMap((c) => c.results);
  // What such computations start from must stay, too, and be simplified with the rest.
  const kept = (...given: A): unknown => {
    const result = noted(...given);
    return [result, found.map((c) => c.operands.map((node) => new Tensor(node)))];
  };
  const { graph, variables, assigned, captures, output, tensors } = traceFunction(kept, args, holes);
  const results = graph.results.slice(0, tensors);
  const simple = simplify({ params: [...graph.params, ...holes()], results });
  const used = new Set(topological(simple.results));
  const own = graph.params.length - variables.length - captures.length;
  const values: FixedValue[] = [];
  const params = simple.params.slice(0, own);
  [...variables, ...captures].forEach((of, i) => {
    const param = simple.params[own + i]!;
    if (!used.has(param)) return;
    params.push(param);
    values.push({ of, values: "op" in of ? hostValue(of) : of.memory.read() });
  });
  const [structure, operands] = output as readonly [unknown, readonly (readonly Slot[])[]];
  let hole = graph.params.length;
  const composites = found.map(({ name, attributes, results }, i) => ({
    name,
    attributes,
    operands: operands[i]!.map((slot) => simple.results[slot.at]!),
    results: results.map(() => simple.params[hole++]!),
  }));
  const count = tensors - operands.flat().length;
  return {
    graph: { params, results: simple.results.slice(0, count) },
    values,
    output: treeMap((value) => (value instanceof Slot ? value.at : value), structure),
    assigned,
    composites,
  };
}
