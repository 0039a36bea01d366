/** Helpers for preparing data. */
import {
  checkOptions,
  show,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { type NormalizeOptions, normalize as normalizeVectors, oneHot } from "../ops/nn_losses.ts";

/** The nearest whole number; of two the even one, as Python rounds. */
export function roundHalfToEven(x: number): number {
  return Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
}

/**
 * One-hot vectors of class numbers.
 *
 * @param x whole numbers from 0; a last axis of length 1 is left out, what comes after a decimal point cut
 * @param numClasses default, and for 0: the largest number + 1, which is read from x
 * @returns float32 of the shape of x with an axis of `numClasses` more
 * @throws ValueError when a number is no class
 *
 * @example
 * ```ts
 * toCategorical([0, 2, 1]).arraySync(); // → [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
 * ```
 */
export function toCategorical(x: TensorLike, numClasses?: number | null): Tensor {
  let t = toTensor(x, "int32");
  if (t.ndim > 1 && t.shape[t.ndim - 1] === 1) t = t.reshape(t.shape.slice(0, -1));
  const largest = t.size === 0 ? -1 : t.max().item();
  const smallest = t.size === 0 ? 0 : t.min().item();
  const count = numClasses || largest + 1;
  if (smallest < 0 || largest >= count) {
    throw new ValueError(
      `toCategorical: expected class numbers from 0 to ${count - 1}. Received numbers from ${smallest} to ${largest}, numClasses=${show(numClasses)}`,
    );
  }
  return oneHot(t, count);
}

/**
 * Vectors of norm 1: x / ‖x‖; vectors of zeros stay as they are.
 *
 * @param options `axis` or axes of each vector (default -1), `order` of the norm (default 2; any p, or infinity)
 *
 * @example
 * ```ts
 * normalize([[3, 4]]).arraySync(); // → [[0.6, 0.8]]
 * ```
 */
export function normalize(x: TensorLike, options: Pick<NormalizeOptions, "axis" | "order"> = {}): Tensor {
  checkOptions("normalize", options, ["axis", "order"]);
  return normalizeVectors(x, options);
}
