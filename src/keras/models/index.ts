/** `keras.models`: models. */
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
export { modelFromJson } from "./model_from_json.ts";
export { Sequential, type SequentialItem, type SequentialOptions } from "./sequential.ts";
