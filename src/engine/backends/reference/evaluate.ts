/** Runs a graph node by node, operands before users. The results of 16-bit floats are rounded here. */
import { type Graph, is, type Node, topological } from "../../graph/node.ts";
import type { Primitive } from "../../graph/primitives.ts";
import { isHalf, type TypedArray } from "../../tensor/dtype.ts";
import { roundHalves } from "../../tensor/half.ts";
import { contractions } from "./contractions.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { leaves } from "./leaves.ts";
import type { Rule, Rules } from "./rule.ts";
import { views } from "./views.ts";
import { windows } from "./windows.ts";

/** Every primitive that has elements of its own, and these depend on its operands alone. */
const rules: Rules<Exclude<Primitive, "parameter" | "loop" | "result">> = {
  ...leaves,
  ...elementwise,
  ...views,
  ...indexing,
  ...contractions,
  ...windows,
};

/** A graph made ready: a function from the parameters' elements to those of the results. */
export type Evaluator = (args: readonly TypedArray[]) => TypedArray[];

type Step = (values: Map<Node, TypedArray>, loops: Map<Node, TypedArray[]>) => void;

/**
 * Puts a graph's nodes, and those of the bodies of its loops, in order once, so that it can run many times. Results may
 * be the arrays that were passed as arguments.
 */
export function evaluator(graph: Graph): Evaluator {
  const steps = topological(graph.results).map(stepOf);
  return (args) => {
    const values = new Map(graph.params.map((param, i) => [param, args[i]!]));
    const loops = new Map<Node, TypedArray[]>();
    for (const step of steps) step(values, loops);
    return graph.results.map((node) => values.get(node)!);
  };
}

function stepOf(node: Node): Step {
  if (is(node, "parameter")) return () => undefined;
  if (is(node, "loop")) {
    const run = loopOf(node);
    return (values, loops) => loops.set(node, run(node.inputs.map((input) => values.get(input)!)));
  }
  if (is(node, "result")) {
    const { index } = node.attrs;
    return (values, loops) => values.set(node, loops.get(node.inputs[0]!)![index]!);
  }
  const rule = rules[node.op as keyof typeof rules] as Rule<Primitive>;
  return (values) => {
    const out = rule(
      node,
      node.inputs.map((input) => values.get(input)!),
    );
    values.set(node, isHalf(node.dtype) ? roundHalves(node.dtype, out as Float32Array) : out);
  };
}

/** A function from a loop's operands to its carried values after the last round. */
function loopOf({ attrs }: Node<"loop">): Evaluator {
  const body = evaluator(attrs.body);
  return ([count, ...values]) => {
    let carries = values.slice(0, attrs.carries);
    const captures = values.slice(attrs.carries);
    for (let i = 0; i < count![0]!; i++) {
      if (attrs.conditional && carries[0]![0] === 0) break;
      carries = body([Int32Array.of(i), ...carries, ...captures]);
    }
    return carries;
  };
}
