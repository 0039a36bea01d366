/** The Huber loss. */
import {
  abs,
  checkOptions,
  lessEqual,
  multiply,
  subtract,
  type Tensor,
  type TensorLike,
  where,
} from "../../engine/index.ts";
import { nameFunction } from "./function_names.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";
import { aligned } from "./operands.ts";

/** Options of {@link huber}. */
export interface HuberFunctionOptions {
  /** Where the loss turns from quadratic to linear. Default 1. */
  readonly delta?: number;
}

/** Options of {@link Huber}. */
export interface HuberOptions extends LossOptions, HuberFunctionOptions {}

/**
 * The Huber loss: the mean of x² / 2 where |x| ≤ δ and of δ · |x| - δ² / 2 elsewhere, x being the error.
 *
 * @param options `delta` (default 1)
 * @returns the loss of each sample: the shape of the operands without the last axis
 *
 * @example
 * ```ts
 * losses.huber([[0, 0]], [[1, 3]]).arraySync(); // → [1.5]
 * ```
 */
export function huber(yTrue: TensorLike, yPred: TensorLike, options: HuberFunctionOptions = {}): Tensor {
  checkOptions("huber", options, ["delta"]);
  const { delta = 1 } = options;
  const [t, y] = aligned(yTrue, yPred);
  const error = subtract(y, t);
  const size = abs(error);
  const quadratic = multiply(0.5, multiply(error, error));
  const linear = subtract(multiply(delta, size), 0.5 * delta * delta);
  return where(lessEqual(size, delta), quadratic, linear).mean(-1);
}
nameFunction(huber, "huber");

/**
 * The Huber loss: quadratic for errors up to δ, linear for larger ones.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number; with `reduction: null` the losses of
 * the samples, `(batch, …)`.
 *
 * @param options `delta` (default 1), `reduction` (default `"sum_over_batch_size"`), `name` (default `"huber_loss"`), `dtype`
 *
 * @example
 * ```ts
 * new losses.Huber({ delta: 0.5 })([[0]], [[2]]).item(); // → 0.875
 * ```
 */
export class Huber extends LossFunctionWrapper<HuberFunctionOptions> {
  static override readonly className: string = "Huber";

  constructor(options: HuberOptions = {}) {
    checkOptions("Huber", options, [...lossOptions, "delta"]);
    super(huber, { name: "huber_loss", delta: 1, ...options });
  }
}
