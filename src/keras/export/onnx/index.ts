/** Prints graphs as ONNX files. Each primitive becomes one operator or a few; the number of samples stays open. */

import type { Composite, FixedValue } from "../../../engine/index.ts";
import {
  type Graph,
  isPrimitive as is,
  type Node,
  type TakesComposite,
  topological,
  UnsupportedError,
} from "../../../engine/index.ts";
import { contraction } from "./contractions.ts";
import { elementwise } from "./elementwise.ts";
import { Emitter } from "./emitter.ts";
import { indexing } from "./indexing.ts";
import { operator, takesOperator } from "./operators.ts";
import { elementTypes, graphProto, modelProto, valueProto } from "./proto.ts";
import { recurrence, takesRecurrence } from "./recurrent.ts";
import { Twins } from "./twins.ts";
import { storedAs, Values } from "./values.ts";
import { view } from "./views.ts";

/** Whether ONNX has one operator for a computation. */
export const takesComposite: TakesComposite = (it) => takesRecurrence(it) || takesOperator(it);

/** A function that leaves as an ONNX file. */
export interface OnnxFunction {
  readonly name: string;
  /** The function for the numbers of samples of {@link probes}. */
  readonly graphs: readonly [Graph, Graph];
  /** Computations that {@link takesComposite} accepted, for both numbers of samples. */
  readonly composites: readonly [readonly Composite[], readonly Composite[]];
  readonly values: readonly FixedValue[];
  /** Names of the parameters that are given, of the results, and of the fixed values. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly valueNames: readonly string[];
}

/**
 * The bytes of an ONNX file.
 *
 * @param opset the version of the operators, 18 to 21
 * @throws UnsupportedError for what ONNX cannot say
 */
export function onnxModel(it: OnnxFunction, opset: number, producer: string): Uint8Array<ArrayBuffer> {
  const [graph] = it.graphs;
  const [whole, other] = it.graphs.map((g, i) => withComposites(g, it.composites[i]!)) as [Graph, Graph];
  const twins = new Twins(whole, other);
  const measured = it.inputs.findIndex((_, i) => twins.shape(graph.params[i]!)[0]?.batch === 1);
  const emitter = Emitter.root(it.inputs[measured] ?? "");
  for (const name of [...it.inputs, ...it.outputs]) emitter.name(name);
  const values = new Values(emitter, twins);
  const composites = new Map(it.composites[0].flatMap((c) => c.results.map((result) => [result, c])));
  graph.params.forEach((param, i) => {
    const input = it.inputs[i];
    if (input !== undefined) return values.setWhole(param, input);
    const n = i - it.inputs.length;
    const { values: numbers } = it.values[n]!;
    values.setWhole(param, emitter.constant(storedAs(param.dtype), param.shape, numbers, it.valueNames[n]));
  });
  translate(values, graph.results, composites);
  graph.results.forEach((result, i) => {
    emitter.rename(values.whole(result), it.outputs[i]!);
  });
  const message = graphProto({
    name: it.name,
    nodes: [...emitter.prologue, ...emitter.nodes],
    initializers: emitter.initializers,
    inputs: it.inputs.map((name, i) => {
      const param = graph.params[i]!;
      return valueProto(name, storedAs(param.dtype), twins.shape(param));
    }),
    outputs: it.outputs.map((name, i) => {
      const result = graph.results[i]!;
      return valueProto(name, storedAs(result.dtype), twins.shape(result));
    }),
  });
  return modelProto(message, opset, producer).encode();
}

/** A graph with the results of composites as parameters and their operands as results. */
function withComposites({ params, results }: Graph, composites: readonly Composite[]): Graph {
  return {
    params: [...params, ...composites.flatMap((c) => c.results)],
    results: [...results, ...composites.flatMap((c) => c.operands)],
  };
}

/** The composites that parameters are results of. */
type Composites = ReadonlyMap<Node, Composite>;

/** Translates all nodes that some need. */
function translate(values: Values, roots: readonly Node[], composites?: Composites): void {
  for (const node of topological(roots, (n) => values.has(n))) {
    if (values.has(node)) continue;
    values.emitter.origin = node.origin?.name ?? "";
    const whole = composites?.get(node);
    if (whole !== undefined) {
      translate(values, whole.operands, composites);
      values.emitter.origin = node.origin?.name ?? "";
      if (!operator(values, whole)) recurrence(values, whole);
    } else if (is(node, "loop")) loop(values, node);
    else if (is(node, "result")) values.setWhole(node, values.loopResult(node.inputs[0]!, node.attrs.index));
    else if (
      !view(values, node) &&
      !contraction(values, node) &&
      !indexing(values, node) &&
      !elementwise(values, node)
    )
      throw new UnsupportedError(`export: ONNX has no operator for ${node.op}`);
  }
}

/** A loop, whose body sees what does not change where it stands. */
function loop(values: Values, node: Node<"loop">): void {
  const { emitter } = values;
  const [count, ...given] = node.inputs as [Node, ...Node[]];
  const { body, carries, conditional } = node.attrs;
  const [index, ...params] = body.params as [Node, ...Node[]];
  const inner = new Values(emitter.inner(), values.twins, values);
  const named = (what: string): string => emitter.name(what);
  const [round, goesOn, goesOnAfter] = [named("round"), named("condition"), named("condition")];
  const carried = params.slice(0, carries).map(() => named("carried"));
  params.forEach((param, i) => {
    if (i < carries) inner.setWhole(param, carried[i]!);
    else inner.set(param, values.get(given[i]!));
  });
  inner.emitter.origin = emitter.origin;
  inner.setWhole(index, inner.emitter.op("Cast", [round], { to: elementTypes.int32 }));
  translate(inner, body.results);
  const results = body.results.map((result) => {
    const name = named("next");
    inner.emitter.rename(inner.whole(result), name);
    return name;
  });
  inner.emitter.rename(conditional ? results[0]! : goesOn, goesOnAfter);
  const graph = graphProto({
    name: emitter.name("body"),
    nodes: inner.emitter.nodes,
    initializers: [],
    inputs: [
      valueProto(round, "int64", []),
      valueProto(goesOn, "bool", []),
      ...carried.map((name, i) => valueProto(name, storedAs(params[i]!.dtype), values.shape(params[i]!))),
    ],
    outputs: [
      valueProto(goesOnAfter, "bool", []),
      ...results.map((name, i) => valueProto(name, storedAs(params[i]!.dtype), values.shape(params[i]!))),
    ],
  });
  const trips = emitter.op("Cast", [values.whole(count)], { to: elementTypes.int64 });
  const begins = conditional ? values.whole(given[0]!) : values.number("bool", 1);
  const first = given.slice(0, carries).map((x) => values.whole(x));
  const outputs = emitter.apply("Loop", [trips, begins, ...first], { body: { graph } }, carries);
  values.setLoop(node, outputs);
}
