/** Depthwise convolution in two dimensions. */
import type { PerAxis } from "../../ops/window_arguments.ts";
import { BaseDepthwiseConv, type DepthwiseConvLayerOptions } from "./base_depthwise_conv.ts";

/**
 * A convolution of each channel by itself, in two dimensions, such as of images.
 *
 * Input: `(batch, height, width, channels)`. Output: `(batch, height, width, channels · depthMultiplier)`. Weights: `kernel`
 * `(…kernelSize, channels, depthMultiplier)`, `bias` `(channels · depthMultiplier,)`.
 *
 * @throws ValueError for options that cannot be; ShapeError when windows do not fit into the input
 *
 * @example
 * ```ts
 * const layer = new DepthwiseConv2D(2, { depthwiseInitializer: "ones" });
 * layer([[[[1, 0], [2, 1]], [[3, 0], [4, 1]]]]).arraySync(); // → [[[[10, 2]]]]
 * ```
 */
export class DepthwiseConv2D extends BaseDepthwiseConv {
  static readonly className: string = "DepthwiseConv2D";

  /**
   * @param kernelSize the size of the windows
   * @param options `strides` (default 1), `padding` (`"valid"`, the default, or `"same"`), `depthMultiplier` (default 1),
   *   `dataFormat`, `dilationRate` (default 1), `activation`, `useBias` (default true), `depthwiseInitializer`,
   *   `depthwiseRegularizer`, `depthwiseConstraint`, those of the bias, and those of every layer
   */
  constructor(kernelSize: PerAxis, options: DepthwiseConvLayerOptions = {}) {
    super("DepthwiseConv2D", 2, kernelSize, options);
  }
}
