/** Models from Keras's JSON. */
import { ValueError } from "../../engine/index.ts";
import { learnLayers } from "../layers/serialization.ts";
import { learnOps } from "../ops/learn.ts";
import { type CustomObjects, deserializeKerasObject, learnClass } from "../saving/serialization_lib.ts";
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
  learnLayers();
  learnClass(Sequential);
  learnClass(Model);
  learnOps();
  let config: unknown;
  try {
    config = JSON.parse(json);
  } catch (cause) {
    throw new ValueError("modelFromJson: the text is no JSON.", { cause });
  }
  const model = deserializeKerasObject(config, { customObjects: customObjects ?? null });
  if (model instanceof Model) return model;
  throw new ValueError("modelFromJson: the JSON describes no model.");
}
