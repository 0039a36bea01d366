/** Which numbers are among the k largest, counted without sorting. */
import {
  bitwiseAnd,
  bitwiseOr,
  broadcastTo,
  equal,
  greater,
  greaterEqual,
  iota,
  less,
  sum,
  type Tensor,
  where,
} from "../../engine/index.ts";
import { expandDims } from "../ops/numpy_shape.ts";

/** How many elements along the last axis come before another one: larger ones, and equal ones that stand further left. */
function before(x: Tensor, other: Tensor, place: Tensor): Tensor {
  const places = iota(x.shape, x.ndim - 1);
  return sum(bitwiseOr(greater(x, other), bitwiseAnd(equal(x, other), less(places, place))), -1);
}

/**
 * Whether the prediction for each target is among the k largest.
 *
 * @param targets class numbers, in the shape of the predictions without the last axis
 */
export function inTopK(targets: Tensor, predictions: Tensor, k: number): Tensor {
  const classes = predictions.shape[predictions.ndim - 1] ?? 1;
  const place = expandDims(targets.astype("int32"), -1);
  const own = sum(where(equal(iota(predictions.shape, predictions.ndim - 1), place), predictions, 0), -1);
  const exists = bitwiseAnd(greaterEqual(targets, 0), less(targets, classes));
  return bitwiseAnd(exists, less(before(predictions, expandDims(own, -1), place), k));
}

/** Whether each element is among the k largest along the last axis. */
export function topKMask(x: Tensor, k: number): Tensor {
  const classes = x.shape[x.ndim - 1] ?? 1;
  const rows = broadcastTo(expandDims(x, -2), [...x.shape, classes]);
  return less(before(rows, expandDims(x, -1), iota(rows.shape, rows.ndim - 2)), k);
}
