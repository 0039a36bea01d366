/** The Dice loss. */
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

/** Options of {@link dice}. */
export interface DiceFunctionOptions {
  /** The axes to sum over. Default: all, so that the batch has one loss. */
  readonly axis?: Axes;
}

/** Options of {@link Dice}. */
export interface DiceOptions extends LossOptions, DiceFunctionOptions {}

/**
 * The Dice loss of two regions: 1 - 2 · Σ(yTrue · yPred) / (Σ yTrue + Σ yPred + ε).
 *
 * Input: targets and predictions of one shape. Output: a number; with `axis` one for each place along the other axes.
 *
 * @param options `axis` (default: all axes)
 *
 * @example
 * ```ts
 * losses.dice([[1, 1]], [[0, 0]]).item(); // → 1
 * ```
 */
export function dice(yTrue: TensorLike, yPred: TensorLike, options: DiceFunctionOptions = {}): Tensor {
  checkOptions("dice", options, ["axis"]);
  const { axis } = options;
  const [t, y] = asFloats(yTrue, yPred);
  const both = multiply(2, sum(multiply(t, y), axis));
  return subtract(1, divide(both, add(add(sum(t, axis), sum(y, axis)), epsilon())));
}
nameFunction(dice, "dice");

/**
 * The Dice loss: how little two regions overlap.
 *
 * Input: targets and predictions of one shape. Output: a number; without reduction and with `axis` one for each place
 * along the other axes.
 *
 * @param options `axis` (default: all axes), `reduction` (default `"sum_over_batch_size"`), `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.Dice()([[1, 1]], [[0, 0]]).item(); // → 1
 * ```
 */
export class Dice extends LossFunctionWrapper<DiceFunctionOptions> {
  static override readonly className: string = "Dice";

  constructor(options: DiceOptions = {}) {
    checkOptions("Dice", options, [...lossOptions, "axis"]);
    super(dice, { name: "dice", axis: null, ...options });
  }
}
