/** Separable convolution in two dimensions. */
import type { PerAxis } from "../../ops/window_arguments.ts";
import { BaseSeparableConv, type SeparableConvLayerOptions } from "./base_separable_conv.ts";

/**
 * A convolution of each channel by itself and then one that mixes the channels at each place, in two dimensions, such as of images.
 *
 * Input: `(batch, height, width, channels)`. Output: `(batch, height, width, filters)`. Weights: `depthwise_kernel`
 * `(…kernelSize, channels, depthMultiplier)`, `pointwise_kernel` `(1, …, channels · depthMultiplier, filters)`, `bias`
 * `(filters,)`.
 *
 * @throws ValueError for options that cannot be; ShapeError when windows do not fit into the input
 *
 * @example
 * ```ts
 * const layer = new SeparableConv2D(3, 2, { padding: "same" });
 * layer.computeOutputShape([null, 10, 8, 4]); // → [null, 10, 8, 3]
 * ```
 */
export class SeparableConv2D extends BaseSeparableConv {
  static readonly className: string = "SeparableConv2D";

  /**
   * @param filters the number of outputs at each place
   * @param kernelSize the size of the windows
   * @param options `strides` (default 1), `padding` (`"valid"`, the default, or `"same"`), `depthMultiplier` (default 1),
   *   `dataFormat`, `dilationRate` (default 1), `activation`, `useBias` (default true), initializers, regularizers and
   *   constraints of both kernels and the bias, and those of every layer
   */
  constructor(filters: number, kernelSize: PerAxis, options: SeparableConvLayerOptions = {}) {
    super("SeparableConv2D", 2, filters, kernelSize, options);
  }
}
