/**
 * Configs of models in the form of Keras 2, and of the legacy HDF5 files of Keras 3: brought into the present form, and written.
 * TensorFlow.js has the same form.
 */
import { isPlainObject, show, ValueError } from "../../engine/index.ts";
import type { Config } from "./config.ts";

type Json = Record<string, unknown>;

/** Options that layers of Keras 2 had and that mean nothing any more. */
const dropped: readonly string[] = [
  "implementation",
  "time_major",
  "batch_size",
  "__passive_serialization__",
];

/** Options of optimizers of Keras 2 that have no meaning any more. */
const droppedOfOptimizers: readonly string[] = [
  "decay",
  "is_legacy_optimizer",
  "jit_compile",
  "initial_decay",
];

/** Names of Keras 2 for what has another name now. */
const renamed: Readonly<Record<string, string>> = { Model: "Functional", ThresholdedReLU: "ReLU" };

/** Options of layers that have another name now, by the name that the layer had. */
const renamedOptions: Readonly<Record<string, readonly [old: string, name: string]>> = {
  LeakyReLU: ["alpha", "negative_slope"],
  ThresholdedReLU: ["theta", "threshold"],
};

/** Whether a config has the form of Keras 2 somewhere in its graph. */
const isOldNode = (node: unknown): node is unknown[] => Array.isArray(node);

/**
 * A config of Keras 2 in the form of Keras 3; one of Keras 3 stays as it is.
 *
 * @throws ValueError when it is no config
 */
export function modernConfig(config: unknown): Config {
  if (!isPlainObject(config) || typeof config.class_name !== "string")
    throw new ValueError(`Expected the config of a model, with class_name. Received: ${show(config)}`);
  return modern(config) as Config;
}

function modern(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(modern);
  if (!isPlainObject(x)) return x;
  if (typeof x.class_name !== "string" || !("config" in x)) return mapValues(x, modern);
  const { class_name: old } = x;
  const name = renamed[old] ?? old;
  const inner = x.config;
  // Very old stacks are lists of layers.
  const given: unknown = Array.isArray(inner) ? { name: "sequential", layers: inner } : inner;
  if (!isPlainObject(given)) return { ...x, class_name: name };
  if (name === "Policy" && "name" in given) return given.name;
  const isGraph = name === "Functional" && Array.isArray(given.layers);
  const config = ownConfig(name, isGraph ? modernGraph(given) : renameOption(old, given));
  const rest = mapValues(x, (value) => value);
  return { ...rest, class_name: name, config };
}

function renameOption(name: string, config: Json): Json {
  const [old, option] = Object.hasOwn(renamedOptions, name) ? renamedOptions[name]! : [];
  if (old === undefined || option === undefined || !(old in config)) return config;
  const { [old]: value, ...rest } = config;
  return { ...rest, [option]: value };
}

/** The options of a layer or another object. */
function ownConfig(name: string, config: Json): Json {
  const out = mapValues(config, modern);
  for (const key of dropped) Reflect.deleteProperty(out, key);
  const shape = out.batch_input_shape;
  if (Array.isArray(shape)) {
    Reflect.deleteProperty(out, "batch_input_shape");
    if (name === "InputLayer") out.batch_shape = shape;
    else out.input_shape = shape.slice(1);
  }
  const { axis } = out;
  if (name === "BatchNormalization" && Array.isArray(axis) && axis.length === 1)
    [out.axis] = axis as unknown[];
  // A Lambda's function was a list of code, defaults and closure.
  if (name === "Lambda" && Array.isArray(out.function))
    out.function = { class_name: "__lambda__", config: { value: out.function } };
  return out;
}

/** The calls of a graph, which were lists of names and numbers. */
function modernGraph(config: Json): Json {
  const layers = (config.layers as unknown[]).filter((layer) => isPlainObject(layer));
  const nodesOf = (layer: Json): unknown[] => (Array.isArray(layer.inbound_nodes) ? layer.inbound_nodes : []);
  if (!layers.some((layer) => nodesOf(layer).some(isOldNode))) return config;
  const nameOf = (layer: Json): string =>
    typeof layer.name === "string" ? layer.name : String((layer.config as Json | undefined)?.name);
  const names = new Set(layers.map(nameOf));
  /** Models were called once inside of themselves before; whether calls of a layer are counted from that one. */
  const highest = new Map<string, number>();
  const isPlace = (x: unknown): x is [string, number, number] =>
    Array.isArray(x) &&
    typeof x[0] === "string" &&
    names.has(x[0]) &&
    Number.isInteger(x[1]) &&
    Number.isInteger(x[2]);
  const look = (x: unknown): void => {
    if (isPlace(x)) highest.set(x[0], Math.max(highest.get(x[0]) ?? 0, x[1]));
    if (Array.isArray(x)) for (const item of x) look(item);
    else if (isPlainObject(x)) for (const item of Object.values(x)) look(item);
  };
  for (const layer of layers) look(nodesOf(layer));
  look(config.input_layers);
  look(config.output_layers);
  const calls = new Map(layers.map((layer) => [nameOf(layer), nodesOf(layer).length]));
  const offset = (name: string): number => {
    const isInput = calls.get(name) === 0;
    return !isInput && (highest.get(name) ?? 0) >= calls.get(name)! ? 1 : 0;
  };
  const tensorAt = ([name, node, tensor]: [string, number, number]): unknown => ({
    class_name: "__keras_tensor__",
    config: { shape: null, dtype: null, keras_history: [name, node - offset(name), tensor] },
  });
  const value = (x: unknown): unknown => {
    if (isPlace(x) && x.length === 3) return tensorAt(x);
    if (Array.isArray(x) && x[0] === "_CONSTANT_VALUE") return x.at(-1);
    if (Array.isArray(x)) return x.map(value);
    return isPlainObject(x) ? mapValues(x, value) : x;
  };
  const call = (node: unknown): unknown => {
    if (!isOldNode(node)) return node;
    const inputs: unknown[] = typeof node[0] === "string" ? [node] : node;
    let kwargs: Json = {};
    const tensors = inputs.map((input) => {
      if (!isPlace(input))
        throw new ValueError(
          `Invalid config of a functional model: expected a call. Received: ${show(input)}`,
        );
      const options: unknown = (input as unknown[])[3];
      if (isPlainObject(options)) kwargs = { ...kwargs, ...options };
      return tensorAt(input);
    });
    return { args: [tensors.length === 1 ? tensors[0] : tensors], kwargs: mapValues(kwargs, value) };
  };
  /** Places in lists of inputs and outputs count the call of functional models inside of themselves, but not that of stacks. */
  const stacks = new Set(layers.filter((layer) => layer.class_name === "Sequential").map(nameOf));
  const place = (x: unknown): unknown => {
    if (isPlace(x)) return stacks.has(x[0]) ? [x[0], x[1] - offset(x[0]), x[2]] : x;
    if (Array.isArray(x)) return x.map(place);
    return isPlainObject(x) ? mapValues(x, place) : x;
  };
  return {
    ...config,
    layers: layers.map((layer) => ({
      ...layer,
      name: nameOf(layer),
      inbound_nodes: nodesOf(layer).map(call),
    })),
    input_layers: place(config.input_layers),
    output_layers: place(config.output_layers),
  };
}

function mapValues(object: Json, fn: (x: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(object).map(([key, x]) => [key, fn(x)]));
}

/** How a model was compiled, of Keras 2 or a legacy file, as Keras 3 has it. */
export function modernCompileConfig(training: Json): Config {
  const { optimizer_config: optimizer, sample_weight_mode: _mode, ...rest } = training;
  return { ...(modern(rest) as Json), optimizer: modernOptimizer(optimizer) };
}

/** The optimizer of a training config. */
function modernOptimizer(optimizer: unknown): unknown {
  if (!isPlainObject(optimizer) || !isPlainObject(optimizer.config)) return optimizer;
  const config: Json = {};
  for (const [key, x] of Object.entries(optimizer.config)) {
    if (droppedOfOptimizers.includes(key)) continue;
    // Without weight decay, it was false, or zero.
    if (key === "weight_decay" && !x) config.weight_decay = null;
    else config[key === "lr" ? "learning_rate" : key] = modern(x);
  }
  // Names began with a capital letter.
  return { ...optimizer, config };
}

/** A config of Keras 3 in the form of legacy files: layers without module and shapes. */
export function legacyConfig(config: Config): Config {
  const { class_name: name, registered_name: registered, config: inner, ...rest } = config;
  const kept = Object.fromEntries(
    ["name", "inbound_nodes"].filter((key) => key in rest).map((key) => [key, rest[key]]),
  );
  const own = inner as Json;
  const layers = Array.isArray(own.layers)
    ? { layers: own.layers.map((layer) => legacyConfig(layer as Config)) }
    : {};
  const isCustom = typeof registered === "string" && registered.includes(">");
  return { class_name: isCustom ? registered : name, config: { ...own, ...layers }, ...kept };
}
