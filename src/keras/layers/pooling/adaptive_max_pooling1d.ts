/** The largest element of a given number of windows in one dimension. */
import type { PerAxis } from "../../ops/window_arguments.ts";
import { type AdaptivePoolingOptions, BaseAdaptivePooling } from "./base_adaptive_pooling.ts";

/**
 * The largest element of each of a given number of windows, which share space evenly, for each channel, in one dimension.
 *
 * Input: `(batch, steps, channels)`. Output: `(batch, …outputSize, channels)`.
 *
 * @throws ValueError unless `outputSize` is a positive whole number or one for each axis of space
 *
 * @example
 * ```ts
 * new AdaptiveMaxPooling1D(2)([[[1], [3], [2], [0]]]).arraySync(); // → [[[3], [2]]]
 * ```
 */
export class AdaptiveMaxPooling1D extends BaseAdaptivePooling {
  static readonly className: string = "AdaptiveMaxPooling1D";

  /**
   * @param outputSize the number of windows along each axis
   * @param options `dataFormat`, and those of every layer
   */
  constructor(outputSize: PerAxis, options: AdaptivePoolingOptions = {}) {
    super("AdaptiveMaxPooling1D", 1, "max", outputSize, options);
  }
}
