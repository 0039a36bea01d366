/** The mean squared logarithmic error. */
import {
  add,
  checkOptions,
  log,
  maximum,
  multiply,
  subtract,
  type Tensor,
  type TensorLike,
} from "../../engine/index.ts";
import { epsilon } from "../config/config.ts";
import { nameFunction } from "./function_names.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";
import { aligned } from "./operands.ts";

/**
 * The mean squared logarithmic error: mean((log(yTrue + 1) - log(yPred + 1))²), numbers below ε counting as ε.
 *
 * @returns the loss of each sample: the shape of the operands without the last axis
 *
 * @example
 * ```ts
 * losses.meanSquaredLogarithmicError([[3, 3]], [[3, 3]]).arraySync(); // → [0]
 * ```
 */
export function meanSquaredLogarithmicError(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [t, y] = aligned(yTrue, yPred);
  const logOf = (x: Tensor): Tensor => log(add(maximum(x, epsilon()), 1));
  const error = subtract(logOf(y), logOf(t));
  return multiply(error, error).mean(-1);
}
nameFunction(meanSquaredLogarithmicError, "mean_squared_logarithmic_error");

/**
 * The mean squared logarithmic error: mean((log(yTrue + 1) - log(yPred + 1))²), numbers below ε counting as ε.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number; with `reduction: null` the losses of
 * the samples, `(batch, …)`.
 *
 * @param options `reduction` (default `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.MeanSquaredLogarithmicError({ reduction: "none" })([[3, 3]], [[3, 3]]).arraySync(); // → [0]
 * ```
 */
export class MeanSquaredLogarithmicError extends LossFunctionWrapper {
  static override readonly className: string = "MeanSquaredLogarithmicError";

  constructor(options: LossOptions = {}) {
    checkOptions("MeanSquaredLogarithmicError", options, lossOptions);
    super(meanSquaredLogarithmicError, { name: "mean_squared_logarithmic_error", ...options });
  }
}
