/** The crossentropy between one-hot labels and predictions. */
import { checkOptions, type Tensor, type TensorLike } from "../../engine/index.ts";
import { categoricalCrossentropy as crossentropy } from "../ops/nn_losses.ts";
import { nameFunction } from "./function_names.ts";
import { smoothCategorical } from "./label_smoothing.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";
import { asFloats } from "./operands.ts";

/** Options of {@link categoricalCrossentropy}. */
export interface CategoricalCrossentropyFunctionOptions {
  /** Whether predictions are what goes into a softmax, not what comes out. Default false. */
  readonly fromLogits?: boolean;
  /** How far labels are drawn towards equal shares, from 0 to 1. Default 0. */
  readonly labelSmoothing?: number;
  /** The axis of classes. Default -1. */
  readonly axis?: number;
}

/** Options of {@link CategoricalCrossentropy}. */
export interface CategoricalCrossentropyOptions extends LossOptions, CategoricalCrossentropyFunctionOptions {}

/**
 * The crossentropy of several classes: -Σ yTrue · log(yPred).
 *
 * @param yTrue one-hot vectors or other probabilities
 * @param yPred probabilities, which are scaled to add up to 1; logits with `fromLogits`
 * @param options `fromLogits` (default false), `labelSmoothing` (default 0), `axis` (default -1)
 * @returns the loss of each sample: the shape of the operands without the axis
 * @throws ShapeError when the shapes differ
 *
 * @example
 * ```ts
 * losses.categoricalCrossentropy([[0, 1]], [[0.5, 0.5]]).arraySync(); // → [0.6931471824645996]
 * ```
 */
export function categoricalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: CategoricalCrossentropyFunctionOptions = {},
): Tensor {
  checkOptions("categoricalCrossentropy", options, ["fromLogits", "labelSmoothing", "axis"]);
  const { fromLogits = false, labelSmoothing = 0, axis = -1 } = options;
  const [t, y] = asFloats(yTrue, yPred);
  return crossentropy(smoothCategorical(t, labelSmoothing), y, { fromLogits, axis });
}
nameFunction(categoricalCrossentropy, "categorical_crossentropy");

/**
 * The crossentropy of several classes, for one-hot labels; for class numbers there is `SparseCategoricalCrossentropy`.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number; with `reduction: null` the losses of
 * the samples, `(batch, …)`.
 *
 * @param options `fromLogits` (default false), `labelSmoothing` (default 0), `axis` (default -1), `reduction` (default
 *   `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.CategoricalCrossentropy()([[0, 1]], [[0.5, 0.5]]).item(); // → 0.6931471824645996
 * ```
 */
export class CategoricalCrossentropy extends LossFunctionWrapper<CategoricalCrossentropyFunctionOptions> {
  static override readonly className: string = "CategoricalCrossentropy";

  constructor(options: CategoricalCrossentropyOptions = {}) {
    checkOptions("CategoricalCrossentropy", options, [
      ...lossOptions,
      "fromLogits",
      "labelSmoothing",
      "axis",
    ]);
    super(categoricalCrossentropy, {
      name: "categorical_crossentropy",
      fromLogits: false,
      labelSmoothing: 0,
      axis: -1,
      ...options,
    });
  }
}
