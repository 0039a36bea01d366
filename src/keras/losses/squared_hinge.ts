/** The squared hinge loss. */
import {
  checkOptions,
  maximum,
  multiply,
  subtract,
  type Tensor,
  type TensorLike,
} from "../../engine/index.ts";
import { nameFunction } from "./function_names.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";
import { asFloats } from "./operands.ts";
import { signedLabels } from "./signed_labels.ts";

/**
 * The squared hinge loss: mean(max(1 - yTrue · yPred, 0)²). Labels are -1 and 1; labels 0 and 1 are understood as these.
 *
 * @returns the loss of each sample: the shape of the operands without the last axis
 *
 * @example
 * ```ts
 * losses.squaredHinge([[-1, 1]], [[-1, 0.5]]).arraySync(); // → [0.125]
 * ```
 */
export function squaredHinge(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [t, y] = asFloats(yTrue, yPred);
  const excess = maximum(subtract(1, multiply(signedLabels(t), y)), 0);
  return multiply(excess, excess).mean(-1);
}
nameFunction(squaredHinge, "squared_hinge");

/**
 * The squared hinge loss: mean(max(1 - yTrue · yPred, 0)²). Labels are -1 and 1; labels 0 and 1 are understood as these.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number; with `reduction: null` the losses of
 * the samples, `(batch, …)`.
 *
 * @param options `reduction` (default `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.SquaredHinge({ reduction: "none" })([[-1, 1]], [[-1, 0.5]]).arraySync(); // → [0.125]
 * ```
 */
export class SquaredHinge extends LossFunctionWrapper {
  static override readonly className: string = "SquaredHinge";

  constructor(options: LossOptions = {}) {
    checkOptions("SquaredHinge", options, lossOptions);
    super(squaredHinge, { name: "squared_hinge", ...options });
  }
}
