/** Models from Keras's JSON. */
import { checkOptions, TsunoError, ValueError } from "../../engine/index.ts";
import { learnActivationsOfKeras2 } from "../activations/keras2.ts";
import { learnLayers } from "../layers/serialization.ts";
import { learnOps } from "../ops/learn.ts";
import { parseJson } from "../saving/python_json.ts";
import { withWeightBudget } from "../saving/reading_limits.ts";
import {
  type CustomObjects,
  type DeserializeOptions,
  deserializeKerasObject,
  learnClass,
  learnWhenNeeded,
} from "../saving/serialization_lib.ts";
import { Model } from "./model.ts";
import { Sequential } from "./sequential.ts";

/** Numbers that the memory of programs has room for (4 GiB): a model with more could not be used. */
const mostWeights = 2 ** 30;

/** Options of `modelFromJson`. */
export interface ModelFromJsonOptions {
  /** Classes and functions of your own by their names. Default: those that are registered. */
  readonly customObjects?: CustomObjects | null;
  /** How many numbers the weights may have in all. Default 2³⁰, which is as many as there can be memory for. */
  readonly maxWeights?: number;
}

/**
 * The model that JSON describes, with new weights. They take memory when they are first needed: weights that are loaded
 * before take it once.
 *
 * @param json what Keras's `model.to_json()` or `JSON.stringify(serialize(model))` gave
 * @param options `customObjects`: classes and functions of your own by their names; `maxWeights` (default 2³⁰): how many
 *   numbers the weights may have in all
 * @throws ValueError when it is no JSON of a model, a class is unknown, or there are too many weights
 *
 * @example
 * ```ts
 * const json = new Sequential([Input([3]), new layers.Dense(2, { name: "pair" })]).toJson();
 * modelFromJson(json).outputShape; // → [null, 2]
 * modelFromJson(json, { maxWeights: 5 }); // → throws ValueError: Layer "pair": the config describes more weights …
 * ```
 */
export function modelFromJson(json: string, options: ModelFromJsonOptions = {}): Model {
  const where = "modelFromJson";
  checkOptions(where, options, ["customObjects", "maxWeights"]);
  const { customObjects = null, maxWeights = mostWeights } = options;
  const config = parseJson(json, where);
  return withWeightBudget(maxWeights, `${maxWeights} numbers (maxWeights)`, () =>
    modelFromConfig(config, where, { customObjects }),
  );
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
