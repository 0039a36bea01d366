/** The mean absolute percentage error. */
import {
  abs,
  checkOptions,
  divide,
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
 * The mean absolute percentage error: 100 · mean(|yTrue - yPred| / max(|yTrue|, ε)).
 *
 * @returns the loss of each sample: the shape of the operands without the last axis
 *
 * @example
 * ```ts
 * losses.meanAbsolutePercentageError([[2, 4]], [[1, 4]]).arraySync(); // → [25]
 * ```
 */
export function meanAbsolutePercentageError(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [t, y] = aligned(yTrue, yPred);
  const share = abs(divide(subtract(t, y), maximum(abs(t), epsilon())));
  return multiply(100, share.mean(-1));
}
nameFunction(meanAbsolutePercentageError, "mean_absolute_percentage_error");

/**
 * The mean absolute percentage error: 100 · mean(|yTrue - yPred| / max(|yTrue|, ε)).
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number; with `reduction: null` the losses of
 * the samples, `(batch, …)`.
 *
 * @param options `reduction` (default `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.MeanAbsolutePercentageError({ reduction: "none" })([[2, 4]], [[1, 4]]).arraySync(); // → [25]
 * ```
 */
export class MeanAbsolutePercentageError extends LossFunctionWrapper {
  static override readonly className: string = "MeanAbsolutePercentageError";

  constructor(options: LossOptions = {}) {
    checkOptions("MeanAbsolutePercentageError", options, lossOptions);
    super(meanAbsolutePercentageError, { name: "mean_absolute_percentage_error", ...options });
  }
}
