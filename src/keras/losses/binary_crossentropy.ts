/** The crossentropy between labels and predictions of yes or no. */
import { type Axes, checkOptions, type Tensor, type TensorLike } from "../../engine/index.ts";
import { binaryCrossentropy as elementwise } from "../ops/nn_losses.ts";
import { nameFunction } from "./function_names.ts";
import { smoothBinary } from "./label_smoothing.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";
import { asFloats } from "./operands.ts";

/** Options of {@link binaryCrossentropy}. */
export interface BinaryCrossentropyFunctionOptions {
  /** Whether predictions are what goes into a sigmoid, not what comes out. Default false. */
  readonly fromLogits?: boolean;
  /** How far labels are drawn towards 1/2, from 0 to 1. Default 0. */
  readonly labelSmoothing?: number;
  /** The axis to take the mean over. Default -1. */
  readonly axis?: Axes;
}

/** Options of {@link BinaryCrossentropy}. */
export interface BinaryCrossentropyOptions extends LossOptions, BinaryCrossentropyFunctionOptions {}

/**
 * The crossentropy of yes and no: the mean of -(yTrue · log(yPred) + (1 - yTrue) · log(1 - yPred)).
 *
 * @param yTrue numbers from 0 to 1
 * @param yPred probabilities, kept ε away from 0 and 1; logits with `fromLogits`
 * @param options `fromLogits` (default false), `labelSmoothing` (default 0), `axis` (default -1)
 * @returns the loss of each sample: the shape of the operands without the axis
 * @throws ShapeError when the shapes differ
 *
 * @example
 * ```ts
 * losses.binaryCrossentropy([[0, 1]], [[0.5, 0.5]]).arraySync(); // → [0.6931471824645996]
 * ```
 */
export function binaryCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: BinaryCrossentropyFunctionOptions = {},
): Tensor {
  checkOptions("binaryCrossentropy", options, ["fromLogits", "labelSmoothing", "axis"]);
  const { fromLogits = false, labelSmoothing = 0, axis = -1 } = options;
  const [t, y] = asFloats(yTrue, yPred);
  return elementwise(smoothBinary(t, labelSmoothing), y, { fromLogits }).mean(axis);
}
nameFunction(binaryCrossentropy, "binary_crossentropy");

/**
 * The crossentropy of yes and no, for predictions that are probabilities or, with `fromLogits`, logits.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number; with `reduction: null` the losses of
 * the samples, `(batch, …)`.
 *
 * @param options `fromLogits` (default false), `labelSmoothing` (default 0), `axis` (default -1), `reduction` (default
 *   `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.BinaryCrossentropy({ fromLogits: true })([[1]], [[0]]).item(); // → 0.6931471824645996
 * ```
 */
export class BinaryCrossentropy extends LossFunctionWrapper<BinaryCrossentropyFunctionOptions> {
  static override readonly className: string = "BinaryCrossentropy";

  constructor(options: BinaryCrossentropyOptions = {}) {
    checkOptions("BinaryCrossentropy", options, [...lossOptions, "fromLogits", "labelSmoothing", "axis"]);
    super(binaryCrossentropy, {
      name: "binary_crossentropy",
      fromLogits: false,
      labelSmoothing: 0,
      axis: -1,
      ...options,
    });
  }
}
