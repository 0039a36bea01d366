/** Writes models in the legacy HDF5 format, which Keras 2 and Keras 3 read. */
import { type NewGroup, newGroup, writeHdf5 } from "../../files/hdf5/index.ts";
import type { Variable } from "../backend/variable.ts";
import type { Model } from "../models/model.ts";
import { legacyConfig } from "./legacy_config.ts";
import { topLevelWeights } from "./legacy_weights.ts";
import { toJson } from "./python_json.ts";
import { serializeKerasObject } from "./serialization_lib.ts";
import { datasetOf, groupAt } from "./weights_store.ts";

/** How many texts an attribute has room for. */
const longestList = 4000;

/** The bytes of a legacy file. */
export function legacyFile(model: Model, includeOptimizer: boolean): Uint8Array<ArrayBuffer>[] {
  const root = newGroup();
  const text = (group: NewGroup, name: string, value: string): void => {
    group.attributes.set(name, { shape: [], strings: [value] });
  };
  const config = legacyConfig(serializeKerasObject(model) as never);
  text(root, "keras_version", "3.16.0");
  text(root, "backend", "tensorflow");
  text(root, "model_config", toJson(config));
  const training = model.getCompileConfig();
  const { optimizer } = model;
  if (includeOptimizer && optimizer !== undefined && Object.keys(training).length > 0) {
    const { optimizer: made, ...rest } = training as Record<string, Record<string, unknown>>;
    const optimizerConfig = { class_name: made!.class_name, config: made!.config };
    text(root, "training_config", toJson({ ...rest, optimizer_config: optimizerConfig }));
    writeValues(groupAt(root, "optimizer_weights"), optimizer.variables);
  }
  const weights = groupAt(root, "model_weights");
  text(weights, "keras_version", "3.16.0");
  text(weights, "backend", "tensorflow");
  writeTexts(
    weights,
    "layer_names",
    model.layers.map((layer) => layer.name),
  );
  for (const layer of model.layers)
    writeValues(groupAt(weights, layer.name), [...layer.trainableWeights, ...layer.nonTrainableWeights]);
  writeValues(groupAt(weights, "top_level_model_weights"), topLevelWeights(model));
  return writeHdf5(root, "save");
}

/** Values under their paths; where two have one, the second gets a number. */
function writeValues(group: NewGroup, variables: readonly Variable[]): void {
  const used = new Set<string>();
  const names = variables.map(({ path }) => {
    let name = path;
    for (let i = 1; used.has(name); i++) name = `${path}_${i}`;
    used.add(name);
    return name;
  });
  writeTexts(group, "weight_names", names);
  variables.forEach((v, i) => {
    const parts = names[i]!.split("/");
    const last = parts.pop()!;
    groupAt(group, parts.join("/")).members.set(last, datasetOf(v));
  });
}

function writeTexts(group: NewGroup, name: string, texts: readonly string[]): void {
  const set = (key: string, some: readonly string[]): void => {
    group.attributes.set(key, { shape: [some.length], strings: some });
  };
  if (texts.length <= longestList) {
    set(name, texts);
    return;
  }
  for (let i = 0; i * longestList < texts.length; i++)
    set(`${name}${i}`, texts.slice(i * longestList, (i + 1) * longestList));
}
