/** Models of TensorFlow.js: what they are made of as Keras 2 had it, and weights in shards, quantized ones too. */
import {
  FileError,
  isPlainObject,
  type Shape,
  sameShape,
  showShape,
  sizeOf,
  type Tensor,
  tensor,
  ValueError,
} from "../../engine/index.ts";
import { numberKinds, readNumbers } from "../../files/numbers.ts";
import { hardSigmoidOfKeras2 } from "../activations/keras2.ts";
import type { Variable } from "../backend/variable.ts";
import type { Model } from "../models/model.ts";
import { modernCompileConfig, modernConfig } from "./legacy_config.ts";
import { customObjectScope } from "./object_registration.ts";
import { parseJson } from "./python_json.ts";
import { type FromFileOptions, modelWithinBudget } from "./saving_lib.ts";

type Json = Record<string, unknown>;

/** Finds a file of weights by its name. */
export type ShardReader = (name: string) => Promise<Uint8Array>;

/** Values by the names that the file has for them. */
interface Stored {
  readonly name: string;
  readonly shape: Shape;
  readonly value: () => Tensor;
}

const kinds = {
  float32: numberKinds.float32,
  int32: numberKinds.int32,
  bool: numberKinds.bool,
  uint8: numberKinds.uint8,
  uint16: numberKinds.uint16,
  float16: numberKinds.float16,
} as const;

type Kind = keyof typeof kinds;

const isKind = (x: unknown): x is Kind => typeof x === "string" && Object.hasOwn(kinds, x);

/** Whether JSON is that of a layers model of TensorFlow.js. */
export function isTfjsModel(json: unknown): json is Json {
  return isPlainObject(json) && "modelTopology" in json;
}

/**
 * The model of a `model.json`.
 *
 * @param shard reads the files of the weights
 * @param where what reads, for messages
 */
export async function tfjsModel(
  text: string,
  shard: ShardReader,
  where: string,
  options: FromFileOptions,
): Promise<Model> {
  const json = parseJson(text, where);
  if (!isTfjsModel(json))
    throw new ValueError(`${where}: this is no model.json of TensorFlow.js: it has no modelTopology.`);
  if (json.format === "graph-model" || !isPlainObject(json.modelTopology) || "node" in json.modelTopology) {
    throw new ValueError(
      `${where}: this is a graph model of TensorFlow.js, which has no layers: it cannot be trained, nor read here. ` +
        "Convert the Keras model that it was made from, or its layers model.",
    );
  }
  const topology = json.modelTopology;
  const { customObjects, compile = true, safeMode } = options;
  const config = modernConfig(renewed(topology.model_config ?? topology));
  const stored = await readWeights(json.weightsManifest, shard, where);
  const numbers = stored.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const model = modelWithinBudget(config, numbers, where, {
    compile: false,
    ...(customObjects !== undefined && { customObjects }),
    ...(safeMode !== undefined && { safeMode }),
  });
  assign(model, stored, where);
  const training = json.trainingConfig ?? topology.training_config;
  if (compile && isPlainObject(training)) {
    customObjectScope(customObjects ?? {}, () =>
      model.compileFromConfig(modernCompileConfig(renewedTraining(training))),
    );
  }
  return model;
}

/** Options that are null where they were not given. */
const nullable: readonly string[] = ["unit_forget_bias", "implementation"];

/** A config of TensorFlow.js as Keras 2 would have it. */
function renewed(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(renewed);
  if (!isPlainObject(x)) return x;
  const out: Json = {};
  for (const [key, value] of Object.entries(x)) {
    if (key === "input_length" || (value === null && nullable.includes(key))) continue;
    const isActivation = key === "activation" || key === "recurrent_activation";
    out[key] = isActivation && value === "hard_sigmoid" ? hardSigmoidOfKeras2 : renewed(value);
  }
  return out;
}

const optimizers: Readonly<Record<string, string>> = {
  Momentum: "SGD",
  RMSProp: "RMSprop",
  AdaDelta: "Adadelta",
  AdaMax: "Adamax",
};

const optimizerOptions: Readonly<Record<string, string>> = {
  learningRate: "learning_rate",
  beta1: "beta_1",
  beta2: "beta_2",
  useNesterov: "nesterov",
  initialAccumulatorValue: "initial_accumulator_value",
};

/** How a model was compiled: the optimizers of TensorFlow.js have names of their own for their options. */
function renewedTraining(training: Json): Json {
  const { optimizer_config: optimizer } = training;
  if (!isPlainObject(optimizer) || !isPlainObject(optimizer.config)) return training;
  const name = String(optimizer.class_name);
  const config: Json = {};
  for (const [key, value] of Object.entries(optimizer.config)) {
    if (key === "decay" && name === "RMSProp") config.rho = value;
    else if (key !== "decay") config[optimizerOptions[key] ?? key] = value;
  }
  return { ...training, optimizer_config: { class_name: optimizers[name] ?? name, config } };
}

/** The values that a manifest lists, group by group. */
async function readWeights(manifest: unknown, shard: ShardReader, where: string): Promise<Stored[]> {
  const fail = (what: string): never => {
    throw new FileError(`${where}: ${what}`);
  };
  if (manifest === undefined) return [];
  if (!Array.isArray(manifest)) return fail("the weightsManifest of model.json is damaged");
  const stored: Stored[] = [];
  const read = new Set<string>();
  for (const group of manifest as unknown[]) {
    if (!isPlainObject(group) || !isTexts(group.paths) || !Array.isArray(group.weights))
      return fail("a group of the weightsManifest is damaged");
    const parts: Uint8Array[] = [];
    for (const path of group.paths) {
      if (/^[/\\]|^[A-Za-z][\w+.-]*:|(^|[/\\])\.\.([/\\]|$)|\0/.test(path))
        return fail(`the file ${JSON.stringify(path)} of weights does not lie beside model.json: refused`);
      if (read.size === read.add(path).size)
        return fail(`the file ${JSON.stringify(path)} of weights is listed more than once`);
      parts.push(await shard(path));
    }
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    const view = new DataView(bytes.buffer);
    at = 0;
    for (const entry of group.weights as unknown[]) {
      const { name, shape, kind, dtype, quantization } = described(entry, fail);
      const size = sizeOf(shape);
      const from = at;
      at += size * kind.bytes;
      if (at > bytes.length)
        fail(
          `${JSON.stringify(name)} of shape ${showShape(shape)} needs more bytes than the files of weights have`,
        );
      const value = (): Tensor => {
        const numbers = readNumbers(view, from, size, kind, true, fail);
        if (quantization === undefined) return tensor(numbers, { dtype: kind.dtype, shape }).astype(dtype);
        const { scale, min } = quantization;
        const values = Float32Array.from(numbers, (n) => n * scale + min);
        return tensor(dtype === "int32" ? Int32Array.from(values, Math.round) : values, { dtype, shape });
      };
      stored.push({ name, shape, value });
    }
  }
  return stored;
}

interface Described {
  readonly name: string;
  readonly shape: Shape;
  readonly kind: (typeof kinds)[Kind];
  readonly dtype: "float32" | "int32" | "bool";
  readonly quantization?: { readonly scale: number; readonly min: number };
}

/** What a manifest says of one array. */
function described(entry: unknown, fail: (what: string) => never): Described {
  if (!isPlainObject(entry) || typeof entry.name !== "string")
    return fail("an entry of the weightsManifest is damaged");
  const { name, shape, dtype, quantization } = entry;
  const called = JSON.stringify(name);
  if (!isSizes(shape)) return fail(`${called} has a damaged shape in the weightsManifest`);
  if (dtype !== "float32" && dtype !== "int32" && dtype !== "bool")
    return fail(`${called} has a dtype that is not read: ${String(dtype)}`);
  if (quantization === undefined || quantization === null) return { name, shape, kind: kinds[dtype], dtype };
  if (!isPlainObject(quantization) || !isKind(quantization.dtype))
    return fail(`${called} is quantized in a way that is not read`);
  const kind = kinds[quantization.dtype];
  if (quantization.dtype === "float16") return { name, shape, kind, dtype };
  const { scale, min } = quantization;
  if (
    typeof scale !== "number" ||
    typeof min !== "number" ||
    !["uint8", "uint16"].includes(quantization.dtype)
  )
    return fail(`${called} is quantized in a way that is not read`);
  return { name, shape, kind, dtype, quantization: { scale, min } };
}

const isTexts = (x: unknown): x is string[] =>
  Array.isArray(x) && x.every((text) => typeof text === "string");

function isSizes(x: unknown): x is number[] {
  return (
    Array.isArray(x) &&
    x.every((n) => Number.isSafeInteger(n) && (n as number) >= 0) &&
    Number.isSafeInteger((x as number[]).reduce((a, b) => a * b, 1))
  );
}

/** The parts of a name, without what TensorFlow adds to make it unique. */
function partsOf(name: string): string[] {
  return name.replace(/:\d+$/, "").split("/");
}

const plain = (last: string): string => last.replace(/_\d+$/, "");

/** Whether the scopes of a stored name are among those of a variable's path, in this order. */
function lies(scopes: readonly string[], path: readonly string[]): boolean {
  let at = 0;
  for (const part of path) if (part === scopes[at]) at++;
  return at === scopes.length;
}

/** Gives each variable of a model the value that the file has under its name. */
function assign(model: Model, stored: readonly Stored[], where: string): void {
  const rest = new Set(stored);
  const found = model.weights.map((variable): readonly [Variable, Stored] => {
    const path = variable.path.split("/");
    const last = path.at(-1)!;
    const names = [plain(last), last === "kernel" ? "depthwise_kernel" : ""];
    const fits = [...rest].filter((entry) => names.includes(plain(partsOf(entry.name).at(-1)!)));
    const named = (scopesOf: (parts: readonly string[]) => readonly string[]): Stored[] =>
      fits.filter((entry) => lies(scopesOf(partsOf(entry.name).slice(0, -1)), path));
    // The scopes of cells have numbers of their own in files that come from Python.
    const candidates = [named((parts) => parts), named((parts) => parts.slice(0, 1))].find(
      (list) => list.length > 0,
    );
    const entry = candidates?.find(({ shape }) => sameShape(shape, variable.shape)) ?? candidates?.[0];
    if (entry === undefined) {
      throw new ValueError(
        `${where}: the file has no values for "${variable.path}". It has: ${stored.map(({ name }) => name).join(", ")}`,
      );
    }
    if (!sameShape(entry.shape, variable.shape)) {
      throw new ValueError(
        `${where}: "${variable.path}" has shape ${showShape(variable.shape)}; its values in the file, "${entry.name}", have ` +
          `${showShape(entry.shape)}.`,
      );
    }
    rest.delete(entry);
    return [variable, entry];
  });
  for (const [variable, entry] of found) variable.assign(entry.value());
}
