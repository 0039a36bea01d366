/** The learning rate of the model that a callback works for. */
import { StateError } from "../../engine/index.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";
import type { CallbackModel } from "./callback.ts";

/** The model's optimizer. */
export function optimizerOf(model: CallbackModel): Optimizer {
  if (model.optimizer === undefined)
    throw new StateError("The model has no optimizer: call compile() first.");
  return model.optimizer;
}

/** The model's present learning rate, as a number. */
export function learningRateOf(model: CallbackModel): number {
  return optimizerOf(model).learningRate.item();
}
