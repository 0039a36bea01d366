/** The Poisson loss. */
import {
  add,
  checkOptions,
  log,
  multiply,
  subtract,
  type Tensor,
  type TensorLike,
} from "../../engine/index.ts";
import { epsilon } from "../config/config.ts";
import { nameFunction } from "./function_names.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";
import { asFloats } from "./operands.ts";

/**
 * The Poisson loss: mean(yPred - yTrue · log(yPred + ε)).
 *
 * @returns the loss of each sample: the shape of the operands without the last axis
 *
 * @example
 * ```ts
 * losses.poisson([[0, 0]], [[1, 3]]).arraySync(); // → [2]
 * ```
 */
export function poisson(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [t, y] = asFloats(yTrue, yPred);
  return subtract(y, multiply(t, log(add(y, epsilon())))).mean(-1);
}
nameFunction(poisson, "poisson");

/**
 * The Poisson loss: mean(yPred - yTrue · log(yPred + ε)).
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number; with `reduction: null` the losses of
 * the samples, `(batch, …)`.
 *
 * @param options `reduction` (default `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.Poisson({ reduction: "none" })([[0, 0]], [[1, 3]]).arraySync(); // → [2]
 * ```
 */
export class Poisson extends LossFunctionWrapper {
  static override readonly className: string = "Poisson";

  constructor(options: LossOptions = {}) {
    checkOptions("Poisson", options, lossOptions);
    super(poisson, { name: "poisson", ...options });
  }
}
