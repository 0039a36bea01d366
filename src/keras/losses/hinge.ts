/** The hinge loss. */
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
 * The hinge loss: mean(max(1 - yTrue · yPred, 0)). Labels are -1 and 1; labels 0 and 1 are understood as these.
 *
 * @returns the loss of each sample: the shape of the operands without the last axis
 *
 * @example
 * ```ts
 * losses.hinge([[-1, 1]], [[-1, 0.5]]).arraySync(); // → [0.25]
 * ```
 */
export function hinge(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [t, y] = asFloats(yTrue, yPred);
  return maximum(subtract(1, multiply(signedLabels(t), y)), 0).mean(-1);
}
nameFunction(hinge, "hinge");

/**
 * The hinge loss: mean(max(1 - yTrue · yPred, 0)). Labels are -1 and 1; labels 0 and 1 are understood as these.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number; with `reduction: null` the losses of
 * the samples, `(batch, …)`.
 *
 * @param options `reduction` (default `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.Hinge({ reduction: "none" })([[-1, 1]], [[-1, 0.5]]).arraySync(); // → [0.25]
 * ```
 */
export class Hinge extends LossFunctionWrapper {
  static override readonly className: string = "Hinge";

  constructor(options: LossOptions = {}) {
    checkOptions("Hinge", options, lossOptions);
    super(hinge, { name: "hinge", ...options });
  }
}
