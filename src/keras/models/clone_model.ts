/** Copies of models, with new layers. */
import { checkOptions, show, treeLeaves, ValueError } from "../../engine/index.ts";
import { KerasTensor } from "../backend/keras_tensor.ts";
import type { Operation } from "../backend/operation.ts";
import { mapInOrder, type SymbolicTree } from "../backend/symbolic_tree.ts";
import type { Tensors } from "../layers/call_inputs.ts";
import { Input, InputLayer } from "../layers/core/input_layer.ts";
import type { Layer } from "../layers/layer.ts";
import type { Config } from "../saving/config.ts";
import { classNameOf } from "../saving/registry.ts";
import {
  deserializeKerasObject,
  type Serializable,
  serializeKerasObject,
} from "../saving/serialization_lib.ts";
import { type FunctionalGraph, Model } from "./model.ts";
import { Sequential } from "./sequential.ts";

/** Options of `cloneModel`. */
export interface CloneModelOptions {
  /** Symbolic tensors that the copy begins with, in the structure of the model's inputs. Default: new inputs. */
  readonly inputTensors?: SymbolicTree | null;
  /**
   * Gives the layer, or the operation, that stands in the copy for one of the model. Default: a new one of the same config.
   */
  readonly cloneFunction?: ((layer: Operation) => Operation) | null;
  /** Calls a copied layer with the arguments of a call. Default: `layer.apply(...args)`. Not for Sequential models. */
  readonly callFunction?: ((layer: Operation, ...args: readonly unknown[]) => unknown) | null;
  /** Whether models inside are copied layer by layer, with the same functions. Default false: by `cloneFunction`. */
  readonly recursive?: boolean;
}

/** Options with the copies that have been made: a layer that is used twice is copied once. */
interface Cloning {
  readonly clone: (operation: Operation) => Operation;
  readonly callFunction: CloneModelOptions["callFunction"];
}

/**
 * A copy of a model with layers, and so weights, of its own. A compiled model's copy is compiled likewise.
 *
 * @param options `inputTensors`, `cloneFunction`, `callFunction`, `recursive` (default false)
 * @throws ValueError for options that do not suit the kind of model: all are for functional models, `inputTensors`,
 *   `cloneFunction` and `recursive` for Sequential ones, too
 *
 * @example
 * ```ts
 * const model = new Sequential([Input([3]), new layers.Dense(2, { name: "last" })]);
 * const copy = models.cloneModel(model);
 * copy.getLayer("last") === model.getLayer("last"); // → false
 * copy.outputShape; // → [null, 2]
 * ```
 *
 * @example
 * ```ts
 * const x = Input([3]);
 * const model = new Model({ inputs: x, outputs: new layers.Dense(1)(new layers.Dense(2)(x)) });
 * // The same layers, with dropout behind each Dense.
 * const copy = models.cloneModel(model, {
 *   cloneFunction: (layer) => layer,
 *   callFunction: (layer, ...args) => {
 *     const y = layer.apply(...args) as KerasTensor;
 *     return layer instanceof layers.Dense ? new layers.Dropout(0.5)(y) : y;
 *   },
 * });
 * copy.layers.length; // → 5
 * ```
 */
export function cloneModel<M extends Model<Tensors>>(model: M, options: CloneModelOptions = {}): M {
  checkOptions("cloneModel", options, ["inputTensors", "cloneFunction", "callFunction", "recursive"]);
  if (!(model instanceof Model)) {
    throw new ValueError(`cloneModel: expected a model. Received: ${show(model)}`);
  }
  return copyOf(model, options, new Map()) as M;
}

function copyOf(
  model: Model<Tensors>,
  options: CloneModelOptions,
  made: Map<Operation, Operation>,
): Model<Tensors> {
  const { inputTensors = null, callFunction } = options;
  if (model instanceof Sequential) {
    if (callFunction) {
      throw new ValueError(
        "cloneModel: callFunction is not for Sequential models, whose layers are only listed, not called. " +
          `Received model "${model.name}"`,
      );
    }
    return cloneSequential(model, inputTensors, cloning(options, made));
  }
  if (model.functional !== undefined) {
    return cloneFunctional(model, model.functional, inputTensors, cloning(options, made));
  }
  const given = (["inputTensors", "cloneFunction", "callFunction"] as const).find((name) => options[name]);
  if (given !== undefined) {
    throw new ValueError(
      `cloneModel: ${given} is for functional and Sequential models. Received model "${model.name}" of class ${classNameOf(model)}`,
    );
  }
  return deserializeKerasObject(serializeKerasObject(model), {
    customObjects: { [classNameOf(model)]: model.constructor },
  }) as Model<Tensors>;
}

function cloning(options: CloneModelOptions, made: Map<Operation, Operation>): Cloning {
  const { recursive = false, cloneFunction = null, callFunction = null } = options;
  const make = (operation: Operation): Operation => {
    if (recursive && operation instanceof Sequential)
      return copyOf(operation, { cloneFunction, recursive }, made);
    if (recursive && operation instanceof Model && operation.functional !== undefined) {
      return copyOf(operation, { cloneFunction, callFunction, recursive }, made);
    }
    if (cloneFunction) return cloneFunction(operation);
    const Class = operation.constructor as unknown as { fromConfig(config: Config): Operation };
    return Class.fromConfig(operation.getConfig());
  };
  const clone = (operation: Operation): Operation => {
    const copy = made.get(operation) ?? make(operation);
    made.set(operation, copy);
    return copy;
  };
  return { clone, callFunction };
}

function cloneSequential(model: Sequential, inputTensors: unknown, { clone }: Cloning): Sequential {
  const tensors = inputTensors === null ? [] : [inputTensors].flat();
  if (tensors.length > 1 || tensors.some((x) => !(x instanceof KerasTensor))) {
    throw new ValueError(
      `cloneModel: expected inputTensors to be one symbolic tensor. Received: ${show(inputTensors)}`,
    );
  }
  const layers = model.layers.map((layer) => clone(layer) as Layer);
  const { inputLayer } = model;
  const [tensor = null] = tensors as KerasTensor[];
  const name = inputLayer?.name ?? null;
  const optional = inputLayer?.optional ?? false;
  const input =
    tensor !== null
      ? [Input({ tensor, name, optional })]
      : inputLayer === undefined
        ? []
        : [Input({ batchShape: inputLayer.batchShape, dtype: inputLayer.dtype, name, optional })];
  const copy = new Sequential([...input, ...layers], { name: model.name, trainable: model.trainable });
  compileLike(model, copy);
  return copy;
}

function cloneFunctional(
  model: Model<Tensors>,
  { graph, inputs, outputs }: FunctionalGraph,
  inputTensors: SymbolicTree | null,
  { clone, callFunction }: Cloning,
): Model {
  const entries = inputTensors ?? (mapInOrder(inputs, newInput) as SymbolicTree);
  const given = treeLeaves(entries);
  const shown = (tree: unknown): string => show(mapInOrder(tree as SymbolicTree, (x) => x.name));
  if (!given.every((x) => x instanceof KerasTensor)) {
    throw new ValueError(
      `cloneModel: expected inputTensors to be symbolic tensors. Received: ${show(inputTensors)}`,
    );
  }
  if (given.length !== graph.inputs.length) {
    throw new ValueError(
      `cloneModel: expected inputTensors in the structure of the model's inputs, ${shown(inputs)}. Received: ${shown(entries)}`,
    );
  }
  const copies = graph.run(given, (operation, args) => {
    const copy = clone(operation);
    return callFunction ? callFunction(copy, ...args) : copy.apply(...args);
  });
  const copyOfOutput = new Map(graph.outputs.map((x, i) => [x, copies[i]]));
  const copy = new Model({
    inputs: entries,
    outputs: mapInOrder(outputs, (x) => copyOfOutput.get(x)) as KerasTensor,
    name: model.name,
  });
  compileLike(model, copy);
  return copy;
}

function newInput(x: KerasTensor): KerasTensor {
  const layer = x.history?.node.operation;
  const optional = layer instanceof InputLayer && layer.optional;
  return Input({ batchShape: x.shape, dtype: x.dtype, name: x.name, optional });
}

/** Compiles a copy as the model is compiled. */
function compileLike(
  model: Model<Tensors> & Serializable,
  copy: Model & { compileFromConfig?(config: Config): void },
): void {
  const config = model.getCompileConfig?.() ?? null;
  if (config !== null && Object.keys(config).length > 0) copy.compileFromConfig?.(config);
}
