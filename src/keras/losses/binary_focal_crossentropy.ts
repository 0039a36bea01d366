/** The focal crossentropy between labels and predictions of yes or no. */
import {
  type Axes,
  add,
  checkOptions,
  multiply,
  power,
  sigmoid,
  subtract,
  type Tensor,
  type TensorLike,
} from "../../engine/index.ts";
import { binaryCrossentropy as elementwise } from "../ops/nn_losses.ts";
import { nameFunction } from "./function_names.ts";
import { smoothBinary } from "./label_smoothing.ts";
import { type LossOptions, lossOptions } from "./loss.ts";
import { LossFunctionWrapper } from "./loss_function_wrapper.ts";
import { asFloats } from "./operands.ts";

/** Options of {@link binaryFocalCrossentropy}. */
export interface BinaryFocalCrossentropyFunctionOptions {
  /** Whether class 1 is weighted with α and class 0 with 1 - α. Default false. */
  readonly applyClassBalancing?: boolean;
  /** The weight of class 1. Default 0.25. */
  readonly alpha?: number;
  /** How strongly the loss of easy samples is reduced. Default 2. */
  readonly gamma?: number;
  /** Whether predictions are what goes into a sigmoid, not what comes out. Default false. */
  readonly fromLogits?: boolean;
  /** How far labels are drawn towards 1/2, from 0 to 1. Default 0. */
  readonly labelSmoothing?: number;
  /** The axis to take the mean over. Default -1. */
  readonly axis?: Axes;
}

/** Options of {@link BinaryFocalCrossentropy}. */
export interface BinaryFocalCrossentropyOptions extends LossOptions, BinaryFocalCrossentropyFunctionOptions {}

const names = ["applyClassBalancing", "alpha", "gamma", "fromLogits", "labelSmoothing", "axis"];

/** x · a + (1 - x) · b: a where x is 1, b where it is 0. */
function blend(x: Tensor, a: TensorLike, b: TensorLike): Tensor {
  return add(multiply(x, a), multiply(subtract(1, x), b));
}

/**
 * The focal crossentropy of yes and no (Lin et al., 2017): the crossentropy times (1 - p)^γ, p being the probability that
 * was given to the right answer.
 *
 * @param options `applyClassBalancing` (default false), `alpha` (default 0.25), `gamma` (default 2), `fromLogits`
 *   (default false), `labelSmoothing` (default 0), `axis` (default -1)
 * @returns the loss of each sample: the shape of the operands without the axis
 *
 * @example
 * ```ts
 * losses.binaryFocalCrossentropy([[0, 1]], [[0.5, 0.5]]).arraySync(); // → [0.1732867956161499]
 * ```
 */
export function binaryFocalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: BinaryFocalCrossentropyFunctionOptions = {},
): Tensor {
  checkOptions("binaryFocalCrossentropy", options, names);
  const {
    applyClassBalancing = false,
    alpha = 0.25,
    gamma = 2,
    fromLogits = false,
    labelSmoothing = 0,
    axis = -1,
  } = options;
  const [labels, predictions] = asFloats(yTrue, yPred);
  const t = smoothBinary(labels, labelSmoothing);
  const y = fromLogits ? sigmoid(predictions) : predictions;
  const right = blend(t, y, subtract(1, y));
  const focal = multiply(power(subtract(1, right), gamma), elementwise(t, y));
  return (applyClassBalancing ? multiply(blend(t, alpha, 1 - alpha), focal) : focal).mean(axis);
}
nameFunction(binaryFocalCrossentropy, "binary_focal_crossentropy");

/**
 * The focal crossentropy of yes and no (Lin et al., 2017), which gives samples that are hard to tell more weight.
 *
 * @param options `applyClassBalancing` (default false), `alpha` (default 0.25), `gamma` (default 2), `fromLogits`
 *   (default false), `labelSmoothing` (default 0), `axis` (default -1), `reduction` (default `"sum_over_batch_size"`),
 *   `name`, `dtype`
 *
 * @example
 * ```ts
 * new losses.BinaryFocalCrossentropy({ gamma: 0 })([[1]], [[0.5]]).item(); // → 0.6931471824645996
 * ```
 */
export class BinaryFocalCrossentropy extends LossFunctionWrapper<BinaryFocalCrossentropyFunctionOptions> {
  static override readonly className: string = "BinaryFocalCrossentropy";

  constructor(options: BinaryFocalCrossentropyOptions = {}) {
    checkOptions("BinaryFocalCrossentropy", options, [...lossOptions, ...names]);
    super(binaryFocalCrossentropy, {
      name: "binary_focal_crossentropy",
      applyClassBalancing: false,
      alpha: 0.25,
      gamma: 2,
      fromLogits: false,
      labelSmoothing: 0,
      axis: -1,
      ...options,
    });
  }
}
