/** The cosine similarity as a loss. */
import {
  type Axes,
  checkOptions,
  multiply,
  negate,
  type Tensor,
  type TensorLike,
} from "../../engine/index.ts";
import { normalize } from "../ops/nn_losses.ts";
import { nameFunction } from "./function_names.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";
import { aligned } from "./operands.ts";

/** Options of {@link cosineSimilarity}. */
export interface CosineSimilarityFunctionOptions {
  /** The axis of each vector. Default -1. */
  readonly axis?: Axes;
}

/** Options of {@link CosineSimilarity}. */
export interface CosineSimilarityOptions extends LossOptions, CosineSimilarityFunctionOptions {}

/**
 * Minus the cosine of the angle between labels and predictions: -1 for the same direction, 1 for opposite ones.
 *
 * @param options `axis` (default -1)
 * @returns the loss of each sample: the shape of the operands without the axis
 *
 * @example
 * ```ts
 * losses.cosineSimilarity([[0, 1], [1, 0]], [[0, 3], [0, 2]]).arraySync(); // → [-1, 0]
 * ```
 */
export function cosineSimilarity(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: CosineSimilarityFunctionOptions = {},
): Tensor {
  checkOptions("cosineSimilarity", options, ["axis"]);
  const { axis = -1 } = options;
  const [t, y] = aligned(yTrue, yPred);
  return negate(multiply(normalize(t, { axis }), normalize(y, { axis })).sum(axis));
}
nameFunction(cosineSimilarity, "cosine_similarity");

/**
 * Minus the cosine of the angle between labels and predictions.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number; with `reduction: null` the losses of
 * the samples, `(batch, …)`.
 *
 * @param options `axis` (default -1), `reduction` (default `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.CosineSimilarity()([[0, 1]], [[0, 3]]).item(); // → -1
 * ```
 */
export class CosineSimilarity extends LossFunctionWrapper<CosineSimilarityFunctionOptions> {
  static override readonly className: string = "CosineSimilarity";

  constructor(options: CosineSimilarityOptions = {}) {
    checkOptions("CosineSimilarity", options, [...lossOptions, "axis"]);
    super(cosineSimilarity, { name: "cosine_similarity", axis: -1, ...options });
  }
}
