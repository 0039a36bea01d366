/** The categorical hinge loss. */
import {
  add,
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

/**
 * The categorical hinge loss: max(neg - pos + 1, 0), where pos = Σ yTrue · yPred and neg = max((1 - yTrue) · yPred).
 *
 * @returns the loss of each sample: the shape of the operands without the last axis
 *
 * @example
 * ```ts
 * losses.categoricalHinge([[0, 1]], [[0.5, 0.5]]).arraySync(); // → [1]
 * ```
 */
export function categoricalHinge(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [t, y] = asFloats(yTrue, yPred);
  const right = multiply(t, y).sum(-1);
  const wrong = multiply(subtract(1, t), y).max(-1);
  return maximum(add(subtract(wrong, right), 1), 0);
}
nameFunction(categoricalHinge, "categorical_hinge");

/**
 * The categorical hinge loss: max(neg - pos + 1, 0), where pos = Σ yTrue · yPred and neg = max((1 - yTrue) · yPred).
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number; with `reduction: null` the losses of
 * the samples, `(batch, …)`.
 *
 * @param options `reduction` (default `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.CategoricalHinge({ reduction: "none" })([[0, 1]], [[0.5, 0.5]]).arraySync(); // → [1]
 * ```
 */
export class CategoricalHinge extends LossFunctionWrapper {
  static override readonly className: string = "CategoricalHinge";

  constructor(options: LossOptions = {}) {
    checkOptions("CategoricalHinge", options, lossOptions);
    super(categoricalHinge, { name: "categorical_hinge", ...options });
  }
}
