/** The activation functions of Keras. */
import {
  checkOptions,
  greater,
  less,
  multiply,
  subtract,
  type Tensor,
  type TensorLike,
  tanh as tanhOf,
  toTensor,
  type Unary,
  where,
} from "../../engine/index.ts";
import * as activations from "../ops/steps/nn_activations.ts";

export {
  celu,
  elu,
  exp as exponential,
  glu,
  hardShrink,
  hardSigmoid,
  hardSilu,
  hardSilu as hardSwish,
  hardTanh,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  relu6,
  selu,
  sigmoid,
  silu,
  silu as swish,
  softmax,
  softplus,
  softShrink,
  softsign,
  sparsemax,
  sparsePlus,
  sparseSigmoid,
  squareplus,
  tanh,
  tanhShrink,
  threshold,
} from "../ops/index.ts";

/** x itself. */
export const linear: Unary = (x) => toTensor(x);

/** Options of `relu`. */
export interface ReluOptions {
  /** The slope below the threshold. Default 0. */
  readonly negativeSlope?: number;
  /** The largest value there is. Default: none. */
  readonly maxValue?: number | null;
  /** Below it x is damped, or 0. Default 0. */
  readonly threshold?: number;
}

/**
 * The rectified linear unit: max(x, 0) by default. In general maxValue where x ≥ maxValue, x from the threshold up to it,
 * and negativeSlope · (x - threshold) below.
 *
 * @example
 * ```ts
 * relu([-2, 0, 3]).arraySync(); // → [0, 0, 3]
 * relu([-2, 0, 3], { negativeSlope: 0.5 }).arraySync(); // → [-1, 0, 3]
 * ```
 */
export function relu(x: TensorLike, options: ReluOptions = {}): Tensor {
  checkOptions("relu", options, ["negativeSlope", "maxValue", "threshold"]);
  const { negativeSlope = 0, maxValue = null, threshold = 0 } = options;
  const t = toTensor(x);
  const above = threshold === 0 ? activations.relu(t) : where(greater(t, threshold), t, 0);
  const capped = maxValue === null ? above : where(less(above, maxValue), above, maxValue);
  if (negativeSlope === 0) return capped.astype(t.dtype);
  return subtract(capped, multiply(negativeSlope, activations.relu(subtract(threshold, t))));
}

/**
 * x · Φ(x), Φ being the normal distribution (Hendrycks and Gimpel, 2016).
 *
 * @param options `approximate` (default false): whether Φ is approximated with tanh
 *
 * @example
 * ```ts
 * gelu([-1, 2]).arraySync(); // → [-0.1587, 1.9545]
 * ```
 */
export function gelu(x: TensorLike, options: { readonly approximate?: boolean } = {}): Tensor {
  checkOptions("gelu", options, ["approximate"]);
  return activations.gelu(x, { approximate: options.approximate ?? false });
}

/** x · tanh(softplus(x)) (Misra, 2019). */
export const mish: Unary = (x) => {
  const t = toTensor(x);
  return multiply(t, tanhOf(activations.softplus(t)));
};
