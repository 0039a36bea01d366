/** Floats as integers with a scale. */
import {
  type Axes,
  abs,
  checkOptions,
  type DType,
  divide,
  maximum,
  minimum,
  multiply,
  round,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";
import { epsilon as fuzz } from "../config/config.ts";
import { toFloat } from "../ops/convert.ts";

/** Options of `absMaxQuantize`. */
export interface AbsMaxOptions {
  /** The smallest and the largest integer. Default `[-127, 127]`. */
  readonly valueRange?: readonly [low: number, high: number];
  /** The dtype of the integers. Default `"int8"`. */
  readonly dtype?: DType;
  /** Is added to the largest magnitude, which may be 0. Default `epsilon()`. */
  readonly epsilon?: number;
  /** Where Keras computes. Here it changes nothing: tensors lie in the host's memory anyway. Default false. */
  readonly toNumpy?: boolean;
}

/**
 * Integers in place of floats: `round(x · scale)`, with the scale for which the largest magnitude becomes the largest
 * integer.
 *
 * @param axis what shares a scale: the largest magnitude is taken along it
 * @param options `valueRange` (default `[-127, 127]`), `dtype` (default `"int8"`), `epsilon`, `toNumpy` (changes nothing here)
 * @returns the integers, and the scale, whose length along the axis is 1
 *
 * @example
 * ```ts
 * const [values, scale] = absMaxQuantize([[1, -2], [0.5, 0.25]], -1);
 * values.arraySync(); // → [[64, -127], [127, 63]]
 * scale.arraySync(); // → [[63.5], [254]]
 * ```
 */
export function absMaxQuantize(
  inputs: TensorLike,
  axis: Axes,
  options: AbsMaxOptions = {},
): [Tensor, Tensor] {
  checkOptions("absMaxQuantize", options, ["valueRange", "dtype", "epsilon", "toNumpy"]);
  const { valueRange = [-127, 127], dtype = "int8", epsilon = fuzz() } = options;
  const x = toFloat(toTensor(inputs));
  const [low, high] = valueRange;
  const scale = divide(high, abs(x).max(axis, { keepdims: true }).add(epsilon)).astype(x.dtype);
  const values = minimum(maximum(round(multiply(x, scale)), low), high).astype(dtype);
  return [values, scale];
}
