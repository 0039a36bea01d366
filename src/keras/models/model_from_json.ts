/** Models from Keras's JSON. */
import { TsunoError, ValueError } from "../../engine/index.ts";
import { learnActivationsOfKeras2 } from "../activations/keras2.ts";
import { learnLayers } from "../layers/serialization.ts";
import { learnOps } from "../ops/learn.ts";
import { parseJson } from "../saving/python_json.ts";
import {
  type CustomObjects,
  type DeserializeOptions,
  deserializeKerasObject,
  learnClass,
  learnWhenNeeded,
} from "../saving/serialization_lib.ts";
import { Model } from "./model.ts";
import { Sequential } from "./sequential.ts";

/**
 * The model that JSON describes, with new weights.
 *
 * @param json what Keras's `model.to_json()` or `JSON.stringify(serialize(model))` gave
 * @param customObjects classes of your own by their names
 * @throws ValueError when it is no JSON of a model, or a class is unknown
 */
export function modelFromJson(json: string, customObjects?: CustomObjects): Model {
  const config = parseJson(json, "modelFromJson");
  return modelFromConfig(config, "modelFromJson", { customObjects: customObjects ?? null });
}

/**
 * The model that a config describes, with new weights.
 *
 * @param where what reads, for messages
 * @throws ValueError when it is no config of a model, or a class is unknown
 */
export function modelFromConfig(config: unknown, where: string, options: DeserializeOptions): Model {
  learnActivationsOfKeras2();
  learnLayers();
  learnClass(Sequential);
  learnClass(Model);
  learnWhenNeeded(learnOps);
  let model: unknown;
  try {
    model = deserializeKerasObject(config, options);
  } catch (cause) {
    if (cause instanceof TsunoError) throw cause;
    // What the config says made a class stumble over it.
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ValueError(`${where}: the config of the model cannot be read: ${why}`, { cause });
  }
  if (model instanceof Model) return model;
  throw new ValueError(`${where}: the config describes no model.`);
}
