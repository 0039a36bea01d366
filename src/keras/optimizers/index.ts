/** `keras.optimizers`: what turns gradients into new weights. */
export * from "./adadelta.ts";
export * from "./adafactor.ts";
export * from "./adagrad.ts";
export * from "./adam.ts";
export * from "./adamax.ts";
export * from "./adamw.ts";
export * from "./ftrl.ts";
export * from "./lamb.ts";
export * from "./lion.ts";
export * from "./loss_scale_optimizer.ts";
export * from "./multi_optimizer.ts";
export * from "./muon.ts";
export * from "./nadam.ts";
export { Optimizer, type OptimizerVariableOptions } from "./optimizer.ts";
export * from "./optimizer_map.ts";
export type { LearningRate, OptimizerOptions } from "./optimizer_options.ts";
export * from "./rmsprop.ts";
export * from "./schedule_free_adamw.ts";
export * as schedules from "./schedules/index.ts";
export {
  deserialize,
  get,
  type OptimizerIdentifier,
  type OptimizerName,
  serialize,
} from "./serialization.ts";
export * from "./sgd.ts";
