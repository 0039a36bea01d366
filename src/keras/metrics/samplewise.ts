/** From values of any shape to one value for each sample. */
import {
  type Axes,
  broadcastTo,
  type DType,
  multiply,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";
import { getKerasMask } from "../backend/masking.ts";
import { squeezeOrExpandToSameRank } from "../losses/operands.ts";
import { applyMask } from "../losses/reduction.ts";

/** Options of a call of `updateState`. */
export interface UpdateOptions {
  /** How much each sample counts, or each step of each sample. Default: all the same. */
  readonly sampleWeight?: TensorLike | null | undefined;
}

function axesFrom(first: number, rank: number): number[] {
  return Array.from({ length: Math.max(0, rank - first) }, (_, i) => first + i);
}

/**
 * Values and weights with one number for each sample, the values being multiplied with their weights.
 *
 * @param reduce takes what a sample has more than one number of together: a sum or a mean
 */
export function samplewise(
  input: TensorLike,
  sampleWeight: TensorLike | null | undefined,
  reduce: (x: Tensor, axes: Axes) => Tensor,
  dtype: DType,
): { readonly values: Tensor; readonly weights: Tensor | undefined } {
  const given = toTensor(input);
  let values = toTensor(given, dtype);
  let weights: Tensor | undefined;
  if (sampleWeight !== null && sampleWeight !== undefined) {
    const masked = applyMask(sampleWeight, getKerasMask(given), { dtype, reduction: "sum" })!;
    [values, weights] = squeezeOrExpandToSameRank(values, masked);
    const rank = weights.ndim;
    if (values.ndim > rank) values = reduce(values, axesFrom(rank, values.ndim));
    weights = broadcastTo(weights, values.shape);
    values = multiply(values, weights);
    if (weights.ndim > 1) weights = reduce(weights, axesFrom(1, weights.ndim));
  }
  if (values.ndim > 1) values = reduce(values, axesFrom(1, values.ndim));
  return { values, weights };
}
