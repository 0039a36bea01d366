/** The focal crossentropy between one-hot labels and predictions. */
import {
  checkOptions,
  divide,
  log,
  multiply,
  negate,
  power,
  subtract,
  type Tensor,
  type TensorLike,
} from "../../engine/index.ts";
import { epsilon } from "../config/config.ts";
import { softmax } from "../ops/nn_activations.ts";
import { clip } from "../ops/numpy_elementwise.ts";
import { nameFunction } from "./function_names.ts";
import { smoothCategorical } from "./label_smoothing.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";
import { asFloats } from "./operands.ts";

/** Options of {@link categoricalFocalCrossentropy}. */
export interface CategoricalFocalCrossentropyFunctionOptions {
  /** The weight of all classes, or one for each. Default 0.25. */
  readonly alpha?: number | readonly number[];
  /** How strongly the loss of easy samples is reduced. Default 2. */
  readonly gamma?: number;
  /** Whether predictions are what goes into a softmax, not what comes out. Default false. */
  readonly fromLogits?: boolean;
  /** How far labels are drawn towards equal shares, from 0 to 1. Default 0. */
  readonly labelSmoothing?: number;
  /** The axis of classes. Default -1. */
  readonly axis?: number;
}

/** Options of {@link CategoricalFocalCrossentropy}. */
export interface CategoricalFocalCrossentropyOptions
  extends LossOptions,
    CategoricalFocalCrossentropyFunctionOptions {}

const names = ["alpha", "gamma", "fromLogits", "labelSmoothing", "axis"];

/**
 * The focal crossentropy of several classes (Lin et al., 2017): -Σ α · (1 - yPred)^γ · yTrue · log(yPred).
 *
 * @param options `alpha` (default 0.25), `gamma` (default 2), `fromLogits` (default false), `labelSmoothing` (default 0),
 *   `axis` (default -1)
 * @returns the loss of each sample: the shape of the operands without the axis
 *
 * @example
 * ```ts
 * losses.categoricalFocalCrossentropy([[0, 1]], [[0.5, 0.5]]).arraySync(); // → [0.04332169890403748]
 * ```
 */
export function categoricalFocalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: CategoricalFocalCrossentropyFunctionOptions = {},
): Tensor {
  checkOptions("categoricalFocalCrossentropy", options, names);
  const { alpha = 0.25, gamma = 2, fromLogits = false, labelSmoothing = 0, axis = -1 } = options;
  const [labels, predictions] = asFloats(yTrue, yPred);
  const t = smoothCategorical(labels, labelSmoothing);
  const y = fromLogits ? softmax(predictions, { axis }) : predictions;
  const p = clip(divide(y, y.sum(axis, { keepdims: true })), epsilon(), 1 - epsilon());
  const crossentropy = negate(multiply(t, log(p)));
  return multiply(multiply(power(subtract(1, p), gamma), alpha), crossentropy).sum(axis);
}
nameFunction(categoricalFocalCrossentropy, "categorical_focal_crossentropy");

/**
 * The focal crossentropy of several classes (Lin et al., 2017), which gives samples that are hard to tell more weight.
 *
 * @param options `alpha` (default 0.25), `gamma` (default 2), `fromLogits` (default false), `labelSmoothing` (default 0),
 *   `axis` (default -1), `reduction` (default `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.CategoricalFocalCrossentropy({ alpha: 1, gamma: 0 })([[0, 1]], [[0.5, 0.5]]).item(); // → 0.6931471824645996
 * ```
 */
export class CategoricalFocalCrossentropy extends LossFunctionWrapper<CategoricalFocalCrossentropyFunctionOptions> {
  static override readonly className: string = "CategoricalFocalCrossentropy";

  constructor(options: CategoricalFocalCrossentropyOptions = {}) {
    checkOptions("CategoricalFocalCrossentropy", options, [...lossOptions, ...names]);
    super(categoricalFocalCrossentropy, {
      name: "categorical_focal_crossentropy",
      alpha: 0.25,
      gamma: 2,
      fromLogits: false,
      labelSmoothing: 0,
      axis: -1,
      ...options,
    });
  }
}
