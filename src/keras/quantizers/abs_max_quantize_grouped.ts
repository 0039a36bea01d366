/** Floats as narrow integers, with a scale and a zero for each group of numbers. */
import {
  checkOptions,
  type DType,
  divide,
  maximum,
  minimum,
  pad,
  round,
  ShapeError,
  show,
  showShape,
  slice,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { epsilon as fuzz } from "../config/config.ts";
import { toFloat } from "../ops/convert.ts";
import { quantizationParameters } from "./quantization_parameters.ts";

/** Options of `absMaxQuantizeGroupedWithZeroPoint`. */
export interface GroupedOptions {
  /** The smallest and the largest integer. Default `[-8, 7]`. */
  readonly valueRange?: readonly [low: number, high: number];
  /** The dtype of the integers. Default `"int8"`. */
  readonly dtype?: DType;
  /** Is added to the distance of the largest and the smallest number. Default `epsilon()`. */
  readonly epsilon?: number;
  /**
   * Whether it is computed as Keras does it with NumPy, and when layers are quantized. It differs where all numbers of a group
   * are equal, and where the only group has fewer rows than there may be. Default false.
   */
  readonly toNumpy?: boolean;
}

/**
 * Integers in place of the floats of a matrix: `round(x / scale) + zero`, where the smallest and the largest number of each
 * group become the smallest and the largest integer. Groups are so many neighbours in a column.
 *
 * @param inputs a matrix `(rows, columns)`
 * @param blockSize how many rows make a group; the last one may have fewer, and counts zeros as its own then
 * @param options `valueRange` (default `[-8, 7]`), `dtype` (default `"int8"`), `epsilon`, `toNumpy` (default false)
 * @returns the integers, and of shape `(groups, columns)` the scales and the zeros, which are int8
 * @throws ShapeError for what is no matrix; ValueError unless `blockSize` is a positive whole number
 *
 * @example
 * ```ts
 * const [values, scale, zero] = absMaxQuantizeGroupedWithZeroPoint([[0], [3], [-2], [28]], 2);
 * values.arraySync(); // → [[-8], [7], [-8], [7]]
 * [scale.arraySync(), zero.arraySync()]; // → [[[0.2], [2]], [[-8], [-7]]]
 * ```
 */
export function absMaxQuantizeGroupedWithZeroPoint(
  inputs: TensorLike,
  blockSize: number,
  options: GroupedOptions = {},
): [values: Tensor, scale: Tensor, zero: Tensor] {
  const caller = "absMaxQuantizeGroupedWithZeroPoint";
  checkOptions(caller, options, ["valueRange", "dtype", "epsilon", "toNumpy"]);
  const { valueRange = [-8, 7], dtype = "int8", epsilon = fuzz(), toNumpy = false } = options;
  const x = toFloat(toTensor(inputs));
  if (x.ndim !== 2)
    throw new ShapeError(`${caller}: expected a matrix. Received shape ${showShape(x.shape)}`);
  if (!(Number.isSafeInteger(blockSize) && blockSize > 0)) {
    throw new ValueError(
      `${caller}: expected a positive whole number. Received: blockSize=${show(blockSize)}`,
    );
  }
  const [rows, columns] = x.shape as readonly [number, number];
  const [low, high] = valueRange;
  const groups = Math.ceil(rows / blockSize);
  const whole = pad(x, 0, { low: [0, 0], high: [groups * blockSize - rows, 0], interior: [0, 0] });
  const grouped = whole.reshape([groups, blockSize, columns]);
  const within = (y: Tensor): Tensor => minimum(maximum(y, low), high);
  const { scale, zero } = toNumpy ? spreadOver() : parameters();
  const wide = (y: Tensor): Tensor => y.reshape([groups, 1, columns]);
  const values = within(round(divide(grouped, wide(scale))).add(wide(zero))).astype(dtype);
  return [
    slice(values.reshape([groups * blockSize, columns]), [0, 0], [rows, columns]),
    scale.astype(x.dtype),
    zero.astype("int8"),
  ];

  function spreadOver(): { scale: Tensor; zero: Tensor } {
    const [least, most] = [grouped.min(1), grouped.max(1)];
    const scale = divide(most.subtract(least).add(epsilon), high - low);
    return { scale, zero: within(round(divide(least.multiply(-1), scale)).add(low)) };
  }

  function parameters(): { scale: Tensor; zero: Tensor } {
    const bits = Math.floor(Math.log2(high - low + 1));
    const found = quantizationParameters(x.transpose(), {
      bits,
      groupSize: blockSize,
      epsilon,
      signed: true,
    });
    return { scale: found.scale.transpose(), zero: found.zero.transpose() };
  }
}
