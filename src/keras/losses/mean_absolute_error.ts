/** The mean absolute error. */
import { abs, checkOptions, subtract, type Tensor, type TensorLike } from "../../engine/index.ts";
import { nameFunction } from "./function_names.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";
import { aligned } from "./operands.ts";

/**
 * The mean absolute error: mean(|yTrue - yPred|).
 *
 * @returns the loss of each sample: the shape of the operands without the last axis
 *
 * @example
 * ```ts
 * losses.meanAbsoluteError([[0, 1], [0, 0]], [[1, 1], [1, 0]]).arraySync(); // → [0.5, 0.5]
 * ```
 */
export function meanAbsoluteError(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [t, y] = aligned(yTrue, yPred);
  return abs(subtract(t, y)).mean(-1);
}
nameFunction(meanAbsoluteError, "mean_absolute_error");

/**
 * The mean absolute error: mean(|yTrue - yPred|).
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number; with `reduction: null` the losses of
 * the samples, `(batch, …)`.
 *
 * @param options `reduction` (default `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.MeanAbsoluteError({ reduction: "none" })([[0, 1], [0, 0]], [[1, 1], [1, 0]]).arraySync(); // → [0.5, 0.5]
 * ```
 */
export class MeanAbsoluteError extends LossFunctionWrapper {
  static override readonly className: string = "MeanAbsoluteError";

  constructor(options: LossOptions = {}) {
    checkOptions("MeanAbsoluteError", options, lossOptions);
    super(meanAbsoluteError, { name: "mean_absolute_error", ...options });
  }
}
