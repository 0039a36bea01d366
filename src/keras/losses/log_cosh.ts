/** The logarithm of the hyperbolic cosine of the error. */
import { add, checkOptions, multiply, subtract, type Tensor, type TensorLike } from "../../engine/index.ts";
import { softplus } from "../ops/nn_activations.ts";
import { nameFunction } from "./function_names.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";
import { aligned } from "./operands.ts";

/**
 * The logarithm of the hyperbolic cosine of the error: mean(log(cosh(yPred - yTrue))). Nearly x² / 2 for small errors, |x| - log 2 for large ones.
 *
 * @returns the loss of each sample: the shape of the operands without the last axis
 *
 * @example
 * ```ts
 * losses.logCosh([[0, 0]], [[0, 0]]).arraySync(); // → [0]
 * ```
 */
export function logCosh(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [t, y] = aligned(yTrue, yPred);
  const error = subtract(y, t);
  return subtract(add(error, softplus(multiply(error, -2))), Math.LN2).mean(-1);
}
nameFunction(logCosh, "log_cosh");

/**
 * The logarithm of the hyperbolic cosine of the error: mean(log(cosh(yPred - yTrue))). Nearly x² / 2 for small errors, |x| - log 2 for large ones.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number; with `reduction: null` the losses of
 * the samples, `(batch, …)`.
 *
 * @param options `reduction` (default `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.LogCosh({ reduction: "none" })([[0, 0]], [[0, 0]]).arraySync(); // → [0]
 * ```
 */
export class LogCosh extends LossFunctionWrapper {
  static override readonly className: string = "LogCosh";

  constructor(options: LossOptions = {}) {
    checkOptions("LogCosh", options, lossOptions);
    super(logCosh, { name: "log_cosh", ...options });
  }
}
