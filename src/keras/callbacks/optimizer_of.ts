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

/** The optimizers that an optimizer is made of; itself, if it is single. */
export function singleOptimizers(optimizer: Optimizer): readonly Optimizer[] {
  const parts = optimizer as Optimizer & {
    readonly innerOptimizer?: Optimizer;
    readonly optimizers?: readonly Optimizer[];
  };
  if (parts.innerOptimizer !== undefined) return singleOptimizers(parts.innerOptimizer);
  return parts.optimizers?.flatMap(singleOptimizers) ?? [optimizer];
}
