/** The mean of a given number of windows in one dimension. */
import type { PerAxis } from "../../ops/window_arguments.ts";
import { type AdaptivePoolingOptions, BaseAdaptivePooling } from "./base_adaptive_pooling.ts";

/**
 * The mean of each of a given number of windows, which share space evenly, for each channel, in one dimension.
 *
 * Input: `(batch, steps, channels)`. Output: `(batch, …outputSize, channels)`.
 *
 * @throws ValueError unless `outputSize` is a positive whole number or one for each axis of space
 *
 * @example
 * ```ts
 * new AdaptiveAveragePooling1D(2)([[[1], [3], [2], [0]]]).arraySync(); // → [[[2], [1]]]
 * ```
 */
export class AdaptiveAveragePooling1D extends BaseAdaptivePooling {
  static readonly className: string = "AdaptiveAveragePooling1D";

  /**
   * @param outputSize the number of windows along each axis
   * @param options `dataFormat`, and those of every layer
   */
  constructor(outputSize: PerAxis, options: AdaptivePoolingOptions = {}) {
    super("AdaptiveAveragePooling1D", 1, "average", outputSize, options);
  }
}
