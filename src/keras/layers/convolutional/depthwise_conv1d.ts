/** Depthwise convolution in one dimension. */
import type { PerAxis } from "../../ops/window_arguments.ts";
import { BaseDepthwiseConv, type DepthwiseConvLayerOptions } from "./base_depthwise_conv.ts";

/**
 * A convolution of each channel by itself, in one dimension, such as of a sequence.
 *
 * Input: `(batch, steps, channels)`. Output: `(batch, steps, channels · depthMultiplier)`. Weights: `kernel`
 * `(…kernelSize, channels, depthMultiplier)`, `bias` `(channels · depthMultiplier,)`.
 *
 * @throws ValueError for options that cannot be; ShapeError when windows do not fit into the input
 *
 * @example
 * ```ts
 * const layer = new DepthwiseConv1D(2, { depthwiseInitializer: "ones" });
 * layer([[[1, 10], [2, 20]]]).arraySync(); // → [[[3, 30]]]
 * ```
 */
export class DepthwiseConv1D extends BaseDepthwiseConv {
  static readonly className: string = "DepthwiseConv1D";

  /**
   * @param kernelSize the size of the windows
   * @param options `strides` (default 1), `padding` (`"valid"`, the default, or `"same"`), `depthMultiplier` (default 1),
   *   `dataFormat`, `dilationRate` (default 1), `activation`, `useBias` (default true), `depthwiseInitializer`,
   *   `depthwiseRegularizer`, `depthwiseConstraint`, those of the bias, and those of every layer
   */
  constructor(kernelSize: PerAxis, options: DepthwiseConvLayerOptions = {}) {
    super("DepthwiseConv1D", 1, kernelSize, options);
  }
}
