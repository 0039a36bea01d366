/** Arithmetic with 8-bit floats, simulated: numbers are rounded as these would round them. */
import {
  abs,
  bitcast,
  bitwiseAnd,
  concatenate,
  type DType,
  dynamicUpdateSlice,
  greater,
  isFinite,
  maximum,
  minimum,
  round,
  show,
  slice,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
  where,
} from "../../engine/index.ts";
import { toFloat } from "../ops/convert.ts";

/** The 8-bit floats: 4 bits of exponent and 3 of fraction without infinity, or 5 and 2. */
export type Float8 = "float8_e4m3fn" | "float8_e5m2";

/** The largest number, the bits of its fraction, and the distance of the smallest numbers. */
const formats: Readonly<
  Record<Float8, { readonly max: number; readonly bits: number; readonly step: number }>
> = {
  float8_e4m3fn: { max: 448, bits: 3, step: 2 ** -9 },
  float8_e5m2: { max: 57344, bits: 2, step: 2 ** -16 },
};

/** The largest number of an 8-bit float. */
export function float8Max(dtype: Float8): number {
  return formatOf(dtype).max;
}

function formatOf(dtype: Float8): (typeof formats)[Float8] {
  if (Object.hasOwn(formats, dtype)) return formats[dtype];
  throw new ValueError(
    `quantizeAndDequantize: expected "float8_e4m3fn" or "float8_e5m2". Received: ${show(dtype)}`,
  );
}

/** Numbers within the range of an 8-bit float, rounded to the nearest one there is, ties to the even one. */
function rounded(x: Tensor, { bits, step }: (typeof formats)[Float8]): Tensor {
  // What the bits of the exponent alone say is the power of two below the number.
  const below = bitcast(bitwiseAnd(bitcast(x.astype("float32"), "int32"), 0x7f800000), "float32");
  const distance = maximum(below.multiply(2 ** -bits), step).astype(x.dtype);
  return round(x.divide(distance)).multiply(distance);
}

/**
 * Numbers as they come back from an 8-bit float: divided by the scale, cut off at the largest number there is, rounded, and
 * multiplied by the scale again.
 *
 * @param quantizedDtype `"float8_e4m3fn"` or `"float8_e5m2"`
 * @param computeDtype the dtype of the result
 * @throws ValueError for another `quantizedDtype`
 *
 * @example
 * ```ts
 * quantizeAndDequantize([1.06, 1.07, 1000], 1, "float8_e4m3fn", "float32").arraySync(); // → [1, 1.125, 448]
 * ```
 */
export function quantizeAndDequantize(
  inputs: TensorLike,
  scale: TensorLike,
  quantizedDtype: Float8,
  computeDtype: DType,
): Tensor {
  const format = formatOf(quantizedDtype);
  const factor = toTensor(scale).astype(computeDtype);
  const small = toTensor(inputs).divide(factor);
  const within = minimum(maximum(small, -format.max), format.max);
  return rounded(within, format).astype(computeDtype).multiply(factor);
}

/**
 * The next scale for 8-bit floats: what the largest magnitude of the last steps is divided by to become the largest number.
 *
 * @param amax the largest magnitude; where it is not positive and finite the scale stays
 * @param scale the scale so far
 * @param dtypeMax the largest number of the 8-bit float
 * @param margin how many powers of two are left free. Default 0.
 *
 * @example
 * ```ts
 * computeFloat8Scale(896, 1, 448).item(); // → 2
 * ```
 */
export function computeFloat8Scale(
  amax: TensorLike,
  scale: TensorLike,
  dtypeMax: TensorLike,
  margin = 0,
): Tensor {
  const largest = toFloat(toTensor(amax));
  const before = toTensor(1, largest.dtype).divide(toFloat(toTensor(scale)));
  const next = toTensor(dtypeMax, largest.dtype)
    .divide(largest)
    .divide(2 ** margin);
  const positive = where(greater(largest, 0), next, before);
  return toTensor(1, largest.dtype).divide(where(isFinite(largest), positive, before));
}

/**
 * The largest magnitudes of the last steps, with that of `x` in the place of the oldest: they move on by one, and the first
 * place is that of the newest.
 *
 * @example
 * ```ts
 * computeFloat8AmaxHistory([1, -5], [7, 8, 9]).arraySync(); // → [5, 9, 7]
 * ```
 */
export function computeFloat8AmaxHistory(x: TensorLike, amaxHistory: TensorLike): Tensor {
  const history = toFloat(toTensor(amaxHistory));
  const [length] = history.shape as [number];
  const rolled = concatenate([slice(history, [1], [length]), slice(history, [0], [1])]);
  const newest = abs(toTensor(x)).max().astype(history.dtype);
  return dynamicUpdateSlice(rolled, newest.reshape([1]), [0]);
}
