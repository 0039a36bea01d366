/** Transposed convolution in one dimension. */
import type { PerAxis } from "../../ops/window_arguments.ts";
import { BaseConvTranspose, type ConvTransposeLayerOptions } from "./base_conv_transpose.ts";

/**
 * A transposed convolution in one dimension, such as of a sequence: it goes from what a convolution gives to what it takes,
 * so with strides its output is larger than its input.
 *
 * Input: `(batch, steps, channels)`. Output: `(batch, steps, filters)`. Weights: `kernel`
 * `(…kernelSize, filters, channels)`, `bias` `(filters,)`.
 *
 * @throws ValueError for options that do not go together
 *
 * @example
 * ```ts
 * const layer = new Conv1DTranspose(1, 2, { strides: 2, kernelInitializer: "ones" });
 * layer([[[1], [2]]]).arraySync(); // → [[[1], [1], [2], [2]]]
 * ```
 */
export class Conv1DTranspose extends BaseConvTranspose {
  static readonly className: string = "Conv1DTranspose";

  /**
   * @param filters the number of outputs at each place
   * @param kernelSize the size of the windows
   * @param options `strides` (default 1), `padding` (`"valid"`, the default, or `"same"`), `outputPadding` (default none),
   *   `dataFormat`, `dilationRate` (default 1), `activation`, `useBias` (default true), initializers, regularizers and
   *   constraints of kernel and bias, and those of every layer
   */
  constructor(filters: number, kernelSize: PerAxis, options: ConvTransposeLayerOptions = {}) {
    super("Conv1DTranspose", 1, filters, kernelSize, options);
  }
}
