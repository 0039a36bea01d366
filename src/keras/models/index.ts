/** `keras.models`: models. */
export { Model, type ModelOptions, type ModelSummaryOptions } from "./model.ts";
export { modelFromJson } from "./model_from_json.ts";
export { Sequential, type SequentialItem, type SequentialOptions } from "./sequential.ts";
