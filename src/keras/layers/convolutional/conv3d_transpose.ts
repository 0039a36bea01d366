/** Transposed convolution in three dimensions. */
import type { PerAxis } from "../../ops/window_arguments.ts";
import { BaseConvTranspose, type ConvTransposeLayerOptions } from "./base_conv_transpose.ts";

/**
 * A transposed convolution in three dimensions, such as of volumes: it goes from what a convolution gives to what it takes,
 * so with strides its output is larger than its input.
 *
 * Input: `(batch, depth, height, width, channels)`. Output: `(batch, depth, height, width, filters)`. Weights: `kernel`
 * `(…kernelSize, filters, channels)`, `bias` `(filters,)`.
 *
 * @throws ValueError for options that do not go together
 *
 * @example
 * ```ts
 * const layer = new Conv3DTranspose(4, 3, { strides: 2, padding: "same" });
 * layer.computeOutputShape([null, 5, 6, 7, 3]); // → [null, 10, 12, 14, 4]
 * ```
 */
export class Conv3DTranspose extends BaseConvTranspose {
  static readonly className: string = "Conv3DTranspose";

  /**
   * @param filters the number of outputs at each place
   * @param kernelSize the size of the windows
   * @param options `strides` (default 1), `padding` (`"valid"`, the default, or `"same"`), `outputPadding` (default none),
   *   `dataFormat`, `dilationRate` (default 1), `activation`, `useBias` (default true), initializers, regularizers and
   *   constraints of kernel and bias, and those of every layer
   */
  constructor(filters: number, kernelSize: PerAxis, options: ConvTransposeLayerOptions = {}) {
    super("Conv3DTranspose", 3, filters, kernelSize, options);
  }
}
