/** The generalized crossentropy between class numbers and predictions. */
import {
  checkOptions,
  divide,
  multiply,
  power,
  show,
  subtract,
  type Tensor,
  type TensorLike,
  ValueError,
} from "../../engine/index.ts";
import { toFloat } from "../ops/convert.ts";
import { oneHot } from "../ops/nn_losses.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";

/** Options of {@link CategoricalGeneralizedCrossEntropy}. */
export interface CategoricalGeneralizedCrossEntropyOptions extends LossOptions {
  /** Between 0 (the crossentropy) and 1 (the absolute error). Default 0.5. */
  readonly q?: number;
}

/**
 * The generalized crossentropy (Zhang and Sabuncu, 2018): (1 - yPred[yTrue]^q) / q.
 *
 * Input: targets `(batch,)`, the numbers of the classes; predictions `(batch, classes)`. Output: `(batch,)`.
 *
 * @param yTrue class numbers
 * @param yPred probabilities, along the last axis
 * @param q between 0 and 1
 *
 * @example
 * ```ts
 * losses.categoricalGeneralizedCrossEntropy([1], [[0.75, 0.25]], 0.5).arraySync(); // → [1]
 * ```
 */
export function categoricalGeneralizedCrossEntropy(yTrue: TensorLike, yPred: TensorLike, q: number): Tensor {
  const y = toFloat(yPred);
  const picked = oneHot(yTrue, y.shape[y.ndim - 1] ?? 1, { dtype: y.dtype });
  return divide(subtract(1, power(multiply(y, picked).sum(-1), q)), q);
}

/**
 * The generalized crossentropy (Zhang and Sabuncu, 2018), which bears wrong labels.
 *
 * Input: targets `(batch,)`, the numbers of the classes; predictions `(batch, classes)`. Output: a number; with
 * `reduction: null` the losses of the samples, `(batch,)`.
 *
 * @param options `q` (default 0.5), `reduction` (default `"sum_over_batch_size"`), `name`, `dtype`
 * @throws ValueError unless 0 < q < 1
 *
 * @example
 * ```ts
 * new losses.CategoricalGeneralizedCrossEntropy()([1], [[0.75, 0.25]]).item(); // → 1
 * ```
 */
export class CategoricalGeneralizedCrossEntropy extends LossFunctionWrapper<{ readonly q: number }> {
  static override readonly className: string = "CategoricalGeneralizedCrossEntropy";

  constructor(options: CategoricalGeneralizedCrossEntropyOptions = {}) {
    checkOptions("CategoricalGeneralizedCrossEntropy", options, [...lossOptions, "q"]);
    const { q = 0.5 } = options;
    if (!(q > 0 && q < 1)) {
      throw new ValueError(
        `CategoricalGeneralizedCrossEntropy: q lies between 0 and 1. Received: q=${show(q)}`,
      );
    }
    super((t, y) => categoricalGeneralizedCrossEntropy(t, y, q), {
      name: "categorical_generalized_cross_entropy",
      ...options,
      q,
    });
  }
}
