/** The mean squared error. */
import { checkOptions, multiply, subtract, type Tensor, type TensorLike } from "../../engine/index.ts";
import { nameFunction } from "./function_names.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";
import { aligned } from "./operands.ts";

/**
 * The mean squared error: mean((yTrue - yPred)²).
 *
 * @returns the loss of each sample: the shape of the operands without the last axis
 *
 * @example
 * ```ts
 * losses.meanSquaredError([[0, 1], [0, 0]], [[1, 1], [1, 0]]).arraySync(); // → [0.5, 0.5]
 * ```
 */
export function meanSquaredError(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [t, y] = aligned(yTrue, yPred);
  const error = subtract(t, y);
  return multiply(error, error).mean(-1);
}
nameFunction(meanSquaredError, "mean_squared_error");

/**
 * The mean squared error: mean((yTrue - yPred)²).
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number; with `reduction: null` the losses of
 * the samples, `(batch, …)`.
 *
 * @param options `reduction` (default `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.MeanSquaredError({ reduction: "none" })([[0, 1], [0, 0]], [[1, 1], [1, 0]]).arraySync(); // → [0.5, 0.5]
 * ```
 */
export class MeanSquaredError extends LossFunctionWrapper {
  static override readonly className: string = "MeanSquaredError";

  constructor(options: LossOptions = {}) {
    checkOptions("MeanSquaredError", options, lossOptions);
    super(meanSquaredError, { name: "mean_squared_error", ...options });
  }
}
