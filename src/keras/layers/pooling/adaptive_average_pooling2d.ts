/** The mean of a given number of windows in two dimensions. */
import type { PerAxis } from "../../ops/window_arguments.ts";
import { type AdaptivePoolingOptions, BaseAdaptivePooling } from "./base_adaptive_pooling.ts";

/**
 * The mean of each of a given number of windows, which share space evenly, for each channel, in two dimensions.
 *
 * Input: `(batch, height, width, channels)`. Output: `(batch, …outputSize, channels)`.
 *
 * @throws ValueError unless `outputSize` is a positive whole number or one for each axis of space
 *
 * @example
 * ```ts
 * new AdaptiveAveragePooling2D(1)([[[[1], [3]], [[2], [0]]]]).arraySync(); // → [[[[1.5]]]]
 * ```
 */
export class AdaptiveAveragePooling2D extends BaseAdaptivePooling {
  static readonly className: string = "AdaptiveAveragePooling2D";

  /**
   * @param outputSize the number of windows along each axis
   * @param options `dataFormat`, and those of every layer
   */
  constructor(outputSize: PerAxis, options: AdaptivePoolingOptions = {}) {
    super("AdaptiveAveragePooling2D", 2, "average", outputSize, options);
  }
}
