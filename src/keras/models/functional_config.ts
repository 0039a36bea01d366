/** Functional models to Keras's JSON and back: the operations, how each was called, and where inputs and outputs are. */
import { isPlainObject, show, ValueError } from "../../engine/index.ts";
import type { OperationGraph } from "../backend/graph.ts";
import { KerasTensor } from "../backend/keras_tensor.ts";
import type { Node } from "../backend/node.ts";
import { Operation } from "../backend/operation.ts";
import { mapInOrder, type SymbolicTree } from "../backend/symbolic_tree.ts";
import type { Config } from "../saving/config.ts";
import {
  type CustomObjects,
  deserializeKerasObject,
  type Serializable,
  serializeKerasObject,
} from "../saving/serialization_lib.ts";

/** Which output of which call of which operation, as configs say it. */
type Place = readonly [operation: string, node: number, tensor: number];

/** What `isFunctional` tells: a model that is a graph itself. */
type IsFunctional = (operation: Operation) => boolean;

/** The parts of a functional model's config that describe its graph. */
export function graphConfig(
  graph: OperationGraph,
  inputs: SymbolicTree,
  outputs: SymbolicTree,
  isFunctional: IsFunctional,
): Config {
  const place = (x: KerasTensor): Place => {
    const { node, tensorIndex } = x.history!;
    // In lists of inputs and outputs Keras counts one call more for functional models.
    const offset = isFunctional(node.operation) ? 1 : 0;
    return [node.operation.name, offset + indexIn(graph, node), tensorIndex];
  };
  return {
    layers: graph.operations.map((operation) => ({
      ...serializeKerasObject(operation as Operation & Serializable),
      name: operation.name,
      inbound_nodes: operation.inboundNodes
        .filter((node) => graph.nodes.has(node) && !node.isInput)
        .map((node) => nodeConfig(graph, node)),
    })),
    input_layers: mapInOrder(inputs, place),
    output_layers: mapInOrder(outputs, place),
  };
}

/** The place of a call among the calls of its operation that belong to the graph. */
function indexIn(graph: OperationGraph, node: Node): number {
  return node.operation.inboundNodes.filter((other) => graph.nodes.has(other)).indexOf(node);
}

function nodeConfig(graph: OperationGraph, node: Node): Config {
  const write = (x: unknown): unknown => {
    if (x instanceof KerasTensor) {
      const { history, shape, dtype } = x;
      const place = [history!.node.operation.name, indexIn(graph, history!.node), history!.tensorIndex];
      return { class_name: "__keras_tensor__", config: { shape, dtype, keras_history: place } };
    }
    if (Array.isArray(x)) return x.map(write);
    if (isPlainObject(x)) return Object.fromEntries(Object.entries(x).map(([key, v]) => [key, write(v)]));
    return serializeKerasObject(x);
  };
  const { args, kwargs } = node.operation.kerasArguments(node.args);
  return { args: write(args), kwargs: write(kwargs) };
}

/** Whether a config has the parts that describe a graph. */
export function isGraphConfig(config: Config): boolean {
  return Array.isArray(config.layers) && "input_layers" in config && "output_layers" in config;
}

/** An operation of a config that is being read, with the calls that are still to be made. */
interface Pending {
  readonly operation: Operation;
  readonly calls: unknown[];
  /** Where the calls of this config begin: operations that are models have been called inside of themselves before. */
  readonly first: number;
}

/**
 * The symbolic inputs and outputs that a config describes.
 *
 * @throws ValueError when something is missing or calls need each other
 */
export function graphFromConfig(
  config: Config,
  customObjects: CustomObjects | null | undefined,
  isFunctional: IsFunctional,
): { readonly inputs: SymbolicTree; readonly outputs: SymbolicTree } {
  const made = new Map<string, Pending>();
  for (const item of config.layers as readonly unknown[]) {
    if (!isPlainObject(item) || typeof item.name !== "string" || !Array.isArray(item.inbound_nodes)) {
      throw invalid(`a layer needs a name and inbound_nodes. Received: ${show(item)}`);
    }
    const operation = deserializeKerasObject(item, { customObjects: customObjects ?? null });
    if (!(operation instanceof Operation)) {
      throw invalid(`expected a layer or an operation. Received: ${show(operation)}`);
    }
    const first = operation.inboundNodes.length - (operation.inboundNodes[0]?.isInput ? 1 : 0);
    made.set(item.name, { operation, calls: [...(item.inbound_nodes as unknown[])], first });
  }
  const tensorAt = ([name, node, tensor]: Place): KerasTensor | undefined => {
    const source = made.get(name);
    if (source === undefined) throw invalid(`there is no layer ${show(name)}.`);
    return source.operation.inboundNodes[source.first + node]?.outputTensors[tensor] as
      | KerasTensor
      | undefined;
  };
  const waiting = new Set([...made.values()].filter((item) => item.calls.length > 0));
  while (waiting.size > 0) {
    let progress = false;
    for (const item of waiting) {
      while (item.calls.length > 0 && call(item.operation, item.calls[0], tensorAt)) {
        item.calls.shift();
        progress = true;
      }
      if (item.calls.length === 0) waiting.delete(item);
    }
    if (progress) continue;
    const names = [...waiting].map((item) => item.operation.name);
    throw invalid(`the graph has loops or disconnected nodes, at ${names.join(", ")}.`);
  }
  const read = (tree: unknown): SymbolicTree => {
    if (isPlace(tree)) {
      const [name, node, tensor] = tree;
      const offset = made.has(name) && isFunctional(made.get(name)!.operation) ? 1 : 0;
      const found = tensorAt([name, node - offset, tensor]);
      if (found === undefined) throw invalid(`there is no output ${show(tree)}.`);
      return found;
    }
    if (Array.isArray(tree)) return tree.map(read);
    if (isPlainObject(tree)) {
      return Object.fromEntries(Object.entries(tree).map(([key, x]) => [key, read(x)]));
    }
    throw invalid(`expected the place of a tensor. Received: ${show(tree)}`);
  };
  return { inputs: read(config.input_layers), outputs: read(config.output_layers) };
}

function isPlace(x: unknown): x is Place {
  return Array.isArray(x) && x.length === 3 && typeof x[0] === "string" && typeof x[1] === "number";
}

function invalid(what: string): ValueError {
  return new ValueError(`Invalid config of a functional model: ${what}`);
}

/** Makes a call if everything that it needs is there. */
function call(
  operation: Operation,
  node: unknown,
  tensorAt: (place: Place) => KerasTensor | undefined,
): boolean {
  if (!isPlainObject(node) || !Array.isArray(node.args)) {
    throw invalid(
      `expected args and kwargs in inbound_nodes of "${operation.name}". Received: ${show(node)}`,
    );
  }
  let complete = true;
  const read = (x: unknown): unknown => {
    if (Array.isArray(x)) return x.map(read);
    if (!isPlainObject(x)) return x;
    if (x.class_name === "__keras_tensor__") {
      const place = (x.config as { keras_history?: unknown } | undefined)?.keras_history;
      if (!isPlace(place)) throw invalid(`expected a tensor's keras_history. Received: ${show(place)}`);
      const found = tensorAt(place);
      if (found === undefined) complete = false;
      return found;
    }
    if (typeof x.class_name === "string") return deserializeKerasObject(x);
    return Object.fromEntries(Object.entries(x).map(([key, v]) => [key, read(v)]));
  };
  const args = read(node.args) as unknown[];
  const kwargs = read(node.kwargs ?? {}) as Record<string, unknown>;
  if (complete) operation.apply(...operation.argumentsFromKeras({ args, kwargs }));
  return complete;
}
