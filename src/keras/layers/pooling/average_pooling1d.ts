/** The mean of windows in one dimension. */
import { BasePooling, type PoolingLayerOptions } from "./base_pooling.ts";

/**
 * The mean of each window, for each channel, in one dimension.
 *
 * Input: `(batch, steps, channels)`. Output: the same with one element for each window.
 *
 * @throws ValueError for options that cannot be; ShapeError when windows do not fit into the input
 *
 * @example
 * ```ts
 * new AveragePooling1D()([[[1], [3], [2], [0]]]).arraySync(); // → [[[2], [1]]]
 * ```
 */
export class AveragePooling1D extends BasePooling {
  static readonly className: string = "AveragePooling1D";

  /**
   * @param options `poolSize` (default 2), `strides` (default: the size of the windows), `padding` (`"valid"`, the default,
   *   or `"same"`), `dataFormat`, and those of every layer
   */
  constructor(options: PoolingLayerOptions = {}) {
    super("AveragePooling1D", 1, "average", options);
  }
}
