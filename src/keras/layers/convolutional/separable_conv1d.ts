/** Separable convolution in one dimension. */
import type { PerAxis } from "../../ops/window_arguments.ts";
import { BaseSeparableConv, type SeparableConvLayerOptions } from "./base_separable_conv.ts";

/**
 * A convolution of each channel by itself and then one that mixes the channels at each place, in one dimension, such as of a sequence.
 *
 * Input: `(batch, steps, channels)`. Output: `(batch, steps, filters)`. Weights: `depthwise_kernel`
 * `(…kernelSize, channels, depthMultiplier)`, `pointwise_kernel` `(1, …, channels · depthMultiplier, filters)`, `bias`
 * `(filters,)`.
 *
 * @throws ValueError for options that cannot be; ShapeError when windows do not fit into the input
 *
 * @example
 * ```ts
 * const layer = new SeparableConv1D(3, 2);
 * layer.computeOutputShape([null, 10, 4]); // → [null, 9, 3]
 * ```
 */
export class SeparableConv1D extends BaseSeparableConv {
  static readonly className: string = "SeparableConv1D";

  /**
   * @param filters the number of outputs at each place
   * @param kernelSize the size of the windows
   * @param options `strides` (default 1), `padding` (`"valid"`, the default, or `"same"`), `depthMultiplier` (default 1),
   *   `dataFormat`, `dilationRate` (default 1), `activation`, `useBias` (default true), initializers, regularizers and
   *   constraints of both kernels and the bias, and those of every layer
   */
  constructor(filters: number, kernelSize: PerAxis, options: SeparableConvLayerOptions = {}) {
    super("SeparableConv1D", 1, filters, kernelSize, options);
  }
}
