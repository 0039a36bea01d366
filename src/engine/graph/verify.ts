/** What a valid graph is. Run between passes by tests; a graph that fails shows a mistake of the engine, not of its user. */
import { roundTo } from "../tensor/dtype.ts";
import { TsunoError } from "../tensor/errors.ts";
import { sameShape, showShape } from "../tensor/shape.ts";
import { type Graph, is, type Node, topological } from "./node.ts";
import { primitives } from "./primitives.ts";
import { printNode } from "./print.ts";

/** A graph breaks the rules that every pass must keep. */
export class GraphError extends TsunoError {}

function fail(where: string, problem: string, node: Node, cause?: unknown): never {
  throw new GraphError(`Invalid graph (${where}): ${problem}\n  ${printNode(node)}`, { cause });
}

function checkType(where: string, node: Node): void {
  const rule = primitives[node.op];
  if (rule.arity >= 0 && node.inputs.length !== rule.arity) {
    fail(where, `expected ${rule.arity} operands, found ${node.inputs.length}`, node);
  }
  const infer = rule.infer as (inputs: readonly Node[], attrs: unknown) => Pick<Node, "shape" | "dtype">;
  let type: Pick<Node, "shape" | "dtype">;
  try {
    type = infer(node.inputs, node.attrs);
  } catch (cause) {
    fail(where, cause instanceof Error ? cause.message : String(cause), node, cause);
  }
  if (type.dtype !== node.dtype || !sameShape(type.shape, node.shape)) {
    const [expected, found] = [
      `${type.dtype} ${showShape(type.shape)}`,
      `${node.dtype} ${showShape(node.shape)}`,
    ];
    fail(where, `the rule of the primitive gives ${expected}, the node says ${found}`, node);
  }
}

function checkNode(where: string, node: Node): void {
  for (const input of node.inputs) {
    if (input.id >= node.id) fail(where, `operand %${input.id} is not made before its user`, node);
    if (input.op === "loop" && node.op !== "result")
      fail(where, `a loop's values are read through result nodes`, node);
  }
  checkType(where, node);
  if (is(node, "constant") && !Object.is(roundTo(node.dtype, node.attrs.value), node.attrs.value)) {
    fail(where, `${node.dtype} cannot hold ${node.attrs.value}`, node);
  }
  if (is(node, "loop")) verify(node.attrs.body, `${where}, body of loop %${node.id}`);
}

/**
 * Checks that a graph is valid: its parameters are distinct nodes of the primitive `parameter`; every node that the
 * results reach has operands made before it and the type that its primitive's rule gives; parameters that are reached
 * belong to the graph; constants fit their dtype; loops are read through `result` alone; and all of this holds for the
 * bodies of loops, which therefore reach nothing outside.
 *
 * @param where names the graph or the pass before in messages
 * @throws GraphError
 */
export function verify(graph: Graph, where = "graph"): void {
  const params = new Set<Node>();
  for (const param of graph.params) {
    if (param.op !== "parameter") fail(where, "a parameter of the graph is no parameter node", param);
    if (params.has(param)) fail(where, "a parameter occurs twice", param);
    params.add(param);
  }
  for (const node of topological(graph.results)) {
    if (node.op === "parameter" && !params.has(node))
      fail(where, "this parameter does not belong to the graph", node);
    checkNode(where, node);
  }
  for (const result of graph.results) {
    if (result.op === "loop") fail(where, "a loop's values are read through result nodes", result);
  }
}
