/** Transposed convolution in two dimensions. */
import type { PerAxis } from "../../ops/window_arguments.ts";
import { BaseConvTranspose, type ConvTransposeLayerOptions } from "./base_conv_transpose.ts";

/**
 * A transposed convolution in two dimensions, such as of images: it goes from what a convolution gives to what it takes,
 * so with strides its output is larger than its input.
 *
 * Input: `(batch, height, width, channels)`. Output: `(batch, height, width, filters)`. Weights: `kernel`
 * `(…kernelSize, filters, channels)`, `bias` `(filters,)`.
 *
 * @throws ValueError for options that do not go together
 *
 * @example
 * ```ts
 * const layer = new Conv2DTranspose(1, 2, { strides: 2, kernelInitializer: "ones" });
 * layer([[[[1], [2]]]]).arraySync(); // → [[[[1], [1], [2], [2]], [[1], [1], [2], [2]]]]
 * ```
 */
export class Conv2DTranspose extends BaseConvTranspose {
  static readonly className: string = "Conv2DTranspose";

  /**
   * @param filters the number of outputs at each place
   * @param kernelSize the size of the windows
   * @param options `strides` (default 1), `padding` (`"valid"`, the default, or `"same"`), `outputPadding` (default none),
   *   `dataFormat`, `dilationRate` (default 1), `activation`, `useBias` (default true), initializers, regularizers and
   *   constraints of kernel and bias, and those of every layer
   */
  constructor(filters: number, kernelSize: PerAxis, options: ConvTransposeLayerOptions = {}) {
    super("Conv2DTranspose", 2, filters, kernelSize, options);
  }
}
