/** The Tversky loss. */
import {
  type Axes,
  add,
  checkOptions,
  divide,
  multiply,
  subtract,
  sum,
  type Tensor,
  type TensorLike,
} from "../../engine/index.ts";
import { epsilon } from "../config/config.ts";
import { nameFunction } from "./function_names.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";
import { asFloats } from "./operands.ts";

/** Options of {@link tversky}. */
export interface TverskyFunctionOptions {
  /** The weight of what is predicted but not labelled. Default 0.5. */
  readonly alpha?: number;
  /** The weight of what is labelled but not predicted. Default 0.5. */
  readonly beta?: number;
  /** The axes to sum over. Default: all, so that the batch has one loss. */
  readonly axis?: Axes;
}

/** Options of {@link Tversky}. */
export interface TverskyOptions extends LossOptions, TverskyFunctionOptions {}

/**
 * The Tversky loss of two regions (Salehi et al., 2017): 1 - both / (both + α · predictedOnly + β · labelledOnly + ε). With
 * α = β = 0.5 it is the Dice loss.
 *
 * Input: targets and predictions of one shape. Output: a number; with `axis` one for each place along the other axes.
 *
 * @param options `alpha` (default 0.5), `beta` (default 0.5), `axis` (default: all axes)
 *
 * @example
 * ```ts
 * losses.tversky([[1, 1]], [[0, 0]]).item(); // → 1
 * ```
 */
export function tversky(yTrue: TensorLike, yPred: TensorLike, options: TverskyFunctionOptions = {}): Tensor {
  checkOptions("tversky", options, ["alpha", "beta", "axis"]);
  const { alpha = 0.5, beta = 0.5, axis } = options;
  const [t, y] = asFloats(yTrue, yPred);
  const both = sum(multiply(t, y), axis);
  const labelledOnly = sum(multiply(subtract(1, y), t), axis);
  const predictedOnly = sum(multiply(y, subtract(1, t)), axis);
  const union = add(add(both, multiply(predictedOnly, alpha)), multiply(labelledOnly, beta));
  return subtract(1, divide(both, add(union, epsilon())));
}
nameFunction(tversky, "tversky");

/**
 * The Tversky loss: how little two regions overlap, with weights for the two ways to err.
 *
 * Input: targets and predictions of one shape. Output: a number; without reduction and with `axis` one for each place
 * along the other axes.
 *
 * @param options `alpha` (default 0.5), `beta` (default 0.5), `axis` (default: all axes), `reduction` (default
 *   `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.Tversky()([[1, 1]], [[0, 0]]).item(); // → 1
 * ```
 */
export class Tversky extends LossFunctionWrapper<TverskyFunctionOptions> {
  static override readonly className: string = "Tversky";

  constructor(options: TverskyOptions = {}) {
    checkOptions("Tversky", options, [...lossOptions, "alpha", "beta", "axis"]);
    super(tversky, { name: "tversky", alpha: 0.5, beta: 0.5, axis: null, ...options });
  }
}
