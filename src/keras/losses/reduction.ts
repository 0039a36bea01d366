/** From the losses of the samples to the loss of a batch: weights, masks, sums and means. */
import {
  cast,
  type DType,
  divide,
  multiply,
  show,
  sizeOf,
  sum,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
  where,
} from "../../engine/index.ts";
import { divideNoNan } from "../ops/numpy_elementwise.ts";
import { squeezeOrExpandToSameRank } from "./operands.ts";

const reductions = ["sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"] as const;

/**
 * How the losses of the samples become one number: `"sum_over_batch_size"` and `"mean"` divide the sum by the number of
 * losses, `"mean_with_sample_weight"` by the sum of the weights; `"none"` and null keep the losses apart.
 */
export type Reduction = (typeof reductions)[number] | null;

/**
 * Checks a reduction that came from outside.
 *
 * @throws ValueError when there is no such reduction
 */
export function standardizeReduction(reduction: Reduction): Reduction {
  if (reduction === null || reductions.includes(reduction)) return reduction;
  throw new ValueError(
    `Invalid value for option "reduction". Expected one of ${reductions.map(show).join(", ")}, null. Received: reduction=${show(reduction)}`,
  );
}

/**
 * Sample weights that leave out what a mask says is padding. With a reduction to a mean, the others count for more, so
 * that the mean is one over what is there.
 */
export function applyMask(
  sampleWeight: TensorLike | null | undefined,
  mask: Tensor | null | undefined,
  { dtype, reduction }: { readonly dtype: DType; readonly reduction: Reduction },
): Tensor | undefined {
  const weight =
    sampleWeight === undefined || sampleWeight === null ? undefined : toTensor(sampleWeight, dtype);
  if (mask === undefined || mask === null) return weight;
  let floatMask = cast(mask, dtype);
  if (reduction === "mean" || reduction === "sum_over_batch_size") {
    const share = divideNoNan(mask.size, sum(floatMask));
    floatMask = where(cast(mask, "bool"), share, toTensor(0, dtype));
  }
  if (weight === undefined) return floatMask;
  const [m, w] = squeezeOrExpandToSameRank(floatMask, weight);
  return multiply(w, m);
}

function reduceValues(values: Tensor, weight: Tensor | undefined, reduction: Reduction): Tensor {
  const single = values.ndim === 0 || (values.ndim === 1 && values.size === 0);
  if (reduction === null || reduction === "none" || single) return values;
  const total = sum(values);
  if (reduction === "sum") return total;
  if (reduction === "mean_with_sample_weight" && weight !== undefined) return divideNoNan(total, sum(weight));
  const count = sizeOf(values.shape);
  return count === 0 ? multiply(total, 0) : divide(total, count);
}

/** The losses of a batch, weighted, masked and reduced. */
export function reduceWeightedValues(
  losses: Tensor,
  options: {
    readonly sampleWeight?: TensorLike | null | undefined;
    readonly mask?: Tensor | null | undefined;
    readonly reduction: Reduction;
  },
): Tensor {
  const { reduction } = options;
  const weight = applyMask(options.sampleWeight, options.mask, { dtype: losses.dtype, reduction });
  if (weight === undefined) return reduceValues(losses, undefined, reduction);
  const [values, w] = squeezeOrExpandToSameRank(losses, weight);
  return reduceValues(multiply(values, w), w, reduction);
}
