/** `keras.models`: models. */
export { loadModel, saveModel } from "../saving/saving_api.ts";
export type { Data } from "../trainers/data.ts";
export type { DataSource } from "../trainers/data_sources.ts";
export type {
  CompileOptions,
  EvaluateOptions,
  FitOptions,
  OnBatchOptions,
  PredictOptions,
  StepData,
} from "../trainers/trainer_options.ts";
export { type CloneModelOptions, cloneModel } from "./clone_model.ts";
export { Model, type ModelOptions, type ModelSummaryOptions } from "./model.ts";
export { type ModelFromJsonOptions, modelFromJson } from "./model_from_json.ts";
export { Sequential, type SequentialItem, type SequentialOptions } from "./sequential.ts";
