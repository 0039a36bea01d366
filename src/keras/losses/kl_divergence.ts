/** The Kullback-Leibler divergence. */
import { checkOptions, divide, log, multiply, type Tensor, type TensorLike } from "../../engine/index.ts";
import { epsilon } from "../config/config.ts";
import { clip } from "../ops/numpy_elementwise.ts";
import { nameFunction } from "./function_names.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";
import { asFloats } from "./operands.ts";

/**
 * The Kullback-Leibler divergence: Σ yTrue · log(yTrue / yPred), both kept between ε and 1.
 *
 * @returns the loss of each sample: the shape of the operands without the last axis
 *
 * @example
 * ```ts
 * losses.klDivergence([[0.5, 0.5]], [[0.5, 0.5]]).arraySync(); // → [0]
 * ```
 */
export function klDivergence(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [labels, predictions] = asFloats(yTrue, yPred);
  const t = clip(labels, epsilon(), 1);
  const y = clip(predictions, epsilon(), 1);
  return multiply(t, log(divide(t, y))).sum(-1);
}
nameFunction(klDivergence, "kl_divergence");

/**
 * The Kullback-Leibler divergence: Σ yTrue · log(yTrue / yPred), both kept between ε and 1.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number; with `reduction: null` the losses of
 * the samples, `(batch, …)`.
 *
 * @param options `reduction` (default `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.KLDivergence({ reduction: "none" })([[0.5, 0.5]], [[0.5, 0.5]]).arraySync(); // → [0]
 * ```
 */
export class KLDivergence extends LossFunctionWrapper {
  static override readonly className: string = "KLDivergence";

  constructor(options: LossOptions = {}) {
    checkOptions("KLDivergence", options, lossOptions);
    super(klDivergence, { name: "kl_divergence", ...options });
  }
}
