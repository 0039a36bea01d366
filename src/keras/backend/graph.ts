/** The graph between symbolic inputs and outputs: which operations it has, in what order, and how it is run. */
import { showShape, treeLeaves, treeMap, ValueError } from "../../engine/index.ts";
import { type Node, symbolicLeaves } from "./node.ts";
import type { Operation } from "./operation.ts";
import { SymbolicTensor } from "./symbolic_tensor.ts";

/** Runs an operation on the arguments of one of its calls. */
export type RunOperation = (operation: Operation, args: readonly unknown[]) => unknown;

/**
 * A graph of operations.
 *
 * The depth of a call is the number of calls on the longest way from it to an output; an operation is as deep as its deepest
 * call. Operations and calls are in the order of falling depth, and at the same depth operations are in the order in which a
 * walk from the outputs meets them. That is Keras's order, and so it decides the order of weights in files.
 */
export class OperationGraph {
  readonly inputs: readonly SymbolicTensor[];
  readonly outputs: readonly SymbolicTensor[];
  /** The calls, in the order in which they run. */
  readonly nodes: ReadonlySet<Node>;
  readonly operations: readonly Operation[];
  /** Whether the graph is a chain: no two calls side by side, none of several tensors, and no layer called twice. */
  readonly isChain: boolean;

  /**
   * @throws ValueError when an output needs something that does not come from the inputs, or two operations have one name
   */
  constructor(inputs: readonly SymbolicTensor[], outputs: readonly SymbolicTensor[]) {
    this.inputs = inputs;
    this.outputs = outputs;
    const { nodes, places } = walk(inputs, outputs);
    const depths = depthsOf(nodes);
    for (const { history } of inputs) {
      // Inputs that no output needs may be needed by a loss.
      if (history === undefined || places.has(history.node.operation) || !history.node.isInput) continue;
      depths.nodes.set(history.node, 0);
      depths.operations.set(history.node.operation, 0);
      places.set(history.node.operation, -1);
    }
    const deepest = <T>([, a]: [T, number], [, b]: [T, number]): number => b - a;
    this.nodes = new Set([...depths.nodes].sort(deepest).map(([node]) => node));
    this.operations = [...depths.operations]
      .sort((a, b) => deepest(a, b) || places.get(a[0])! - places.get(b[0])!)
      .map(([operation]) => operation);
    this.isChain =
      new Set(depths.nodes.values()).size === this.nodes.size &&
      this.nodes.size === this.operations.length &&
      [...this.nodes].every((node) => node.inputTensors.length <= 1);
    checkConnected(inputs, outputs, this.nodes);
    checkNames(this.operations);
  }

  /**
   * Runs the graph.
   *
   * @param values of the inputs
   * @returns the values of the outputs
   */
  run(values: readonly unknown[], run: RunOperation): unknown[] {
    const known = new Map<unknown, unknown>(this.inputs.map((input, i) => [input, values[i]]));
    const fill = (x: unknown): unknown => (x instanceof SymbolicTensor ? known.get(x) : x);
    for (const node of this.nodes) {
      if (node.isInput || node.outputTensors.every((x) => known.has(x))) continue;
      const results = treeLeaves(
        run(
          node.operation,
          node.args.map((arg) => treeMap(fill, arg)),
        ),
      );
      node.outputTensors.forEach((x, i) => {
        if (!known.has(x)) known.set(x, results[i]);
      });
    }
    return this.outputs.map((x) => known.get(x));
  }
}

/** The calls before the outputs, each after those that it needs; and the operations with their places in the walk. */
function walk(
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
): { nodes: Node[]; places: Map<Operation, number> } {
  const nodes = new Set<Node>();
  const places = new Map<Operation, number>();
  const visited = new Set<Node>();
  const entries = new Set(inputs);
  // Graphs may be deeper than the stack: what is still to do is a list.
  const todo: (SymbolicTensor | Node)[] = [...outputs].reverse();
  for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
    if (!(next instanceof SymbolicTensor)) {
      nodes.add(next);
      continue;
    }
    const node = next.history?.node;
    if (node === undefined || visited.has(node)) continue;
    visited.add(node);
    if (!node.isInput && entries.has(next)) continue;
    if (!places.has(node.operation)) places.set(node.operation, places.size);
    todo.push(node, ...[...node.inputTensors].reverse());
  }
  return { nodes: [...nodes], places };
}

function depthsOf(nodes: readonly Node[]): { nodes: Map<Node, number>; operations: Map<Operation, number> } {
  const inGraph = new Set(nodes);
  const byNode = new Map<Node, number>();
  const byOperation = new Map<Operation, number>();
  for (const node of [...nodes].reverse()) {
    const depth = Math.max(byNode.get(node) ?? 0, byOperation.get(node.operation) ?? 0);
    byNode.set(node, depth);
    byOperation.set(node.operation, depth);
    for (const { history } of node.inputTensors) {
      const parent = history?.node;
      if (parent === undefined || !inGraph.has(parent)) continue;
      byNode.set(parent, Math.max(depth + 1, byNode.get(parent) ?? 0));
    }
  }
  return { nodes: byNode, operations: byOperation };
}

function checkConnected(
  inputs: readonly SymbolicTensor[],
  outputs: readonly SymbolicTensor[],
  nodes: ReadonlySet<Node>,
): void {
  const known = new Set(inputs);
  const reached: string[] = [];
  const complain = (x: SymbolicTensor, where: string): never => {
    const tensor = `<KerasTensor shape=${showShape(x.shape)}, dtype=${x.dtype}, name=${x.name}>`;
    throw new ValueError(
      `Graph disconnected: cannot find parent for tensor ${tensor} ${where}. ` +
        `The following previous operations were accessed without issue: [${reached.join(", ")}]`,
    );
  };
  for (const node of nodes) {
    if (node.isInput && !node.outputTensors.some((x) => known.has(x))) {
      complain(node.outputTensors[0]!, `at operation "${node.operation.name}": it is not among the inputs`);
    }
    for (const x of node.inputTensors)
      if (!known.has(x)) complain(x, `at operation "${node.operation.name}"`);
    reached.push(node.operation.name);
    for (const x of node.outputTensors) known.add(x);
  }
  for (const x of outputs) if (!known.has(x)) complain(x, "among the outputs");
}

function checkNames(operations: readonly Operation[]): void {
  const counts = new Map<string, number>();
  for (const { name } of operations) counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const [name, count] of counts) {
    if (count === 1) continue;
    throw new ValueError(
      `The name "${name}" is used ${count} times in the model. All operation names should be unique.`,
    );
  }
}

/**
 * The same graph from other inputs: for models between symbolic tensors that are not inputs themselves.
 *
 * @param from where the graph begins now
 * @param to what stands there in the copy
 * @returns a structure of outputs in which each symbolic tensor is that of the copy
 */
export function replaceInputs(
  from: readonly SymbolicTensor[],
  to: readonly SymbolicTensor[],
  outputs: unknown,
): unknown {
  const graph = new OperationGraph(from, symbolicLeaves(outputs));
  const copies = graph.run(to, (operation, args) => operation.apply(...args));
  const copyOf = new Map(graph.outputs.map((x, i) => [x, copies[i]]));
  return treeMap((x) => (x instanceof SymbolicTensor ? copyOf.get(x) : x), outputs);
}
