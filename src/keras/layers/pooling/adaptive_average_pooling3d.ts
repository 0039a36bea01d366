/** The mean of a given number of windows in three dimensions. */
import type { PerAxis } from "../../ops/window_arguments.ts";
import { type AdaptivePoolingOptions, BaseAdaptivePooling } from "./base_adaptive_pooling.ts";

/**
 * The mean of each of a given number of windows, which share space evenly, for each channel, in three dimensions.
 *
 * Input: `(batch, depth, height, width, channels)`. Output: `(batch, …outputSize, channels)`.
 *
 * @throws ValueError unless `outputSize` is a positive whole number or one for each axis of space
 *
 * @example
 * ```ts
 * new AdaptiveAveragePooling3D(1)([[[[[1], [3]], [[2], [0]]], [[[4], [1]], [[0], [5]]]]]).arraySync(); // → [[[[[2]]]]]
 * ```
 */
export class AdaptiveAveragePooling3D extends BaseAdaptivePooling {
  static readonly className: string = "AdaptiveAveragePooling3D";

  /**
   * @param outputSize the number of windows along each axis
   * @param options `dataFormat`, and those of every layer
   */
  constructor(outputSize: PerAxis, options: AdaptivePoolingOptions = {}) {
    super("AdaptiveAveragePooling3D", 3, "average", outputSize, options);
  }
}
