/** Models and weights in the legacy HDF5 format, as Keras 2 and Keras 3 write it. */
import { FileError, isPlainObject, sameShape, showShape, ValueError } from "../../engine/index.ts";
import { type H5Attributes, type H5Dataset, type H5Group, readHdf5 } from "../../files/hdf5/index.ts";
import type { Variable } from "../backend/variable.ts";
import type { Model } from "../models/model.ts";
import type { Config } from "./config.ts";
import { modernCompileConfig, modernConfig } from "./legacy_config.ts";
import { topLevelWeights } from "./legacy_weights.ts";
import { customObjectScope } from "./object_registration.ts";
import { parseJson } from "./python_json.ts";
import { type FromFileOptions, keepingValues, modelWithinBudget, numbersIn } from "./saving_lib.ts";
import { memberAt, ValueLoader } from "./weights_store.ts";

/** The model of a legacy file. */
export async function legacyModel(
  bytes: Uint8Array,
  where: string,
  options: FromFileOptions,
): Promise<Model> {
  const file = await readHdf5(bytes, where);
  const text = textOf(file.attributes, "model_config");
  if (text === undefined) {
    const isWeights = file.attributes.has("layer_names") || file.members.has("layers");
    throw new ValueError(
      `${where}: no model config found in the file` +
        (isWeights ? "; it has weights alone, which loadWeights() takes." : "."),
    );
  }
  const config = modernConfig(parseJson(text, where));
  const model = modelWithinBudget(config, numbersIn(file), where, { ...options, compile: false });
  loadLegacyWeights(model, file, where, { skipMismatch: false, byName: false });
  const { compile = true, customObjects } = options;
  const training = textOf(file.attributes, "training_config");
  if (!compile) return model;
  if (training === undefined) {
    console.warn(
      "No training configuration found in the file, so the model was not compiled. Compile it manually.",
    );
    return model;
  }
  const given = parseJson(training, where);
  if (!isPlainObject(given)) throw new ValueError(`${where}: the training config is damaged.`);
  customObjectScope(customObjects ?? {}, () => {
    model.compileFromConfig(modernCompileConfig(given));
  });
  loadOptimizer(model, file, where);
  return model;
}

/** Takes the optimizer's state; if it does not fit, the optimizer starts anew, as in Keras. */
function loadOptimizer(model: Model, file: H5Group, where: string): void {
  const group = memberAt(file, "optimizer_weights");
  const { optimizer } = model;
  if (group?.kind !== "group" || optimizer === undefined) return;
  const values = valuesOf(group, where);
  const { variables } = optimizer;
  if (variables.length !== values.length || variables.some((v, i) => !sameShape(v.shape, values[i]!.shape))) {
    console.warn(
      `Error in loading the saved optimizer state: the optimizer has ${variables.length} variables, the file ` +
        `${values.length}, or their shapes differ. The model starts with a freshly initialized optimizer.`,
    );
    return;
  }
  const loader = new ValueLoader();
  variables.forEach((v, i) => {
    loader.load(v, values[i]!);
  });
}

/**
 * Loads the weights of a legacy file into a model; if they do not fit, the model keeps those that it has.
 *
 * @throws ValueError when numbers of layers or of weights, or shapes, differ
 */
export function loadLegacyWeights(
  model: Model,
  file: H5Group,
  where: string,
  options: { readonly skipMismatch: boolean; readonly byName: boolean },
): void {
  const group = file.attributes.has("layer_names") ? file : memberAt(file, "model_weights");
  if (group?.kind !== "group") throw new ValueError(`${where}: there are no weights in the file.`);
  keepingValues((before) => {
    before(model);
    if (options.byName) loadByName(model, group, where, options.skipMismatch);
    else loadByPlace(model, group, where, options.skipMismatch);
    const top = memberAt(group, "top_level_model_weights");
    if (top?.kind === "group")
      setWeights("the model itself", topLevelWeights(model), valuesOf(top, where), options.skipMismatch);
  });
}

/** The weights in the order of legacy files: those that are trained first. */
const legacyWeights = (layer: Pick<Model, "trainableWeights" | "nonTrainableWeights">): Variable[] => [
  ...layer.trainableWeights,
  ...layer.nonTrainableWeights,
];

function groupOf(group: H5Group, name: string, where: string): H5Group {
  const found = memberAt(group, name);
  if (found?.kind === "group") return found;
  throw new FileError(`${where}: the file has no group ${JSON.stringify(name)}`);
}

function loadByPlace(model: Model, group: H5Group, where: string, skipMismatch: boolean): void {
  const layers = model.layers.filter((layer) => legacyWeights(layer).length > 0);
  const saved = textsOf(group.attributes, "layer_names")
    .map((name) => ({ name, values: valuesOf(groupOf(group, name, where), where) }))
    .filter(({ values }) => values.length > 0);
  if (saved.length !== layers.length) {
    throw new ValueError(
      `Layer count mismatch when loading weights from file. Model expected ${layers.length} layers, found ` +
        `${saved.length} saved layers.`,
    );
  }
  layers.forEach((layer, i) => {
    const { name, values } = saved[i]!;
    const what = `layer #${i} (named ${layer.name} in the current model, ${name} in the save file)`;
    setWeights(what, legacyWeights(layer), values, skipMismatch);
  });
}

function loadByName(model: Model, group: H5Group, where: string, skipMismatch: boolean): void {
  for (const name of textsOf(group.attributes, "layer_names")) {
    for (const layer of model.layers.filter((one) => one.name === name))
      setWeights(
        `layer ${name}`,
        legacyWeights(layer),
        valuesOf(groupOf(group, name, where), where),
        skipMismatch,
      );
  }
}

function setWeights(
  what: string,
  weights: readonly Variable[],
  values: readonly H5Dataset[],
  skipMismatch: boolean,
): void {
  const mismatch = (message: string): void => {
    if (!skipMismatch) throw new ValueError(message);
    console.warn(`Skipping: ${message}`);
  };
  if (weights.length !== values.length) {
    mismatch(
      `Weight count mismatch for ${what}. Expected ${weights.length} weight(s). Received ${values.length} saved weight(s)`,
    );
    return;
  }
  const loader = new ValueLoader();
  weights.forEach((v, i) => {
    const { shape } = values[i]!;
    if (sameShape(shape, v.shape)) loader.load(v, values[i]!);
    else {
      mismatch(
        `Shape mismatch in ${what} for weight ${v.path}. Weight expects shape ${showShape(v.shape)}. ` +
          `Received saved weight with shape ${showShape(shape)}`,
      );
    }
  });
}

/** The values that a group lists, in its order. */
function valuesOf(group: H5Group, where: string): H5Dataset[] {
  return textsOf(group.attributes, "weight_names").map((name) => {
    const found = memberAt(group, name);
    if (found?.kind === "dataset") return found;
    throw new FileError(`${where}: the file has no value ${JSON.stringify(name)}`);
  });
}

function textOf(attributes: H5Attributes, name: string): string | undefined {
  return attributes.get(name)?.strings()[0];
}

/** Texts of an attribute, which is in several if it is long. */
function textsOf(attributes: H5Attributes, name: string): string[] {
  const read = (key: string): string[] | undefined => {
    const found = attributes.get(key);
    // Nothing at all is written as no numbers.
    return found?.type === "string" || (found?.shape[0] ?? 0) > 0 ? found?.strings() : found && [];
  };
  const whole = read(name);
  if (whole !== undefined) return whole;
  const all: string[] = [];
  for (let i = 0; ; i++) {
    const part = read(`${name}${i}`);
    if (part === undefined) return all;
    all.push(...part);
  }
}

/** The config of a legacy file's model, for those who look at files. */
export function legacyModelConfig(file: H5Group, where: string): Config | undefined {
  const text = textOf(file.attributes, "model_config");
  return text === undefined ? undefined : modernConfig(parseJson(text, where));
}
