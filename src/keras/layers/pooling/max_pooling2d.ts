/** The largest element of windows in two dimensions. */
import { BasePooling, type PoolingLayerOptions } from "./base_pooling.ts";

/**
 * The largest element of each window, for each channel, in two dimensions.
 *
 * Input: `(batch, height, width, channels)`. Output: the same with one element for each window.
 *
 * @throws ValueError for options that cannot be; ShapeError when windows do not fit into the input
 *
 * @example
 * ```ts
 * new MaxPooling2D()([[[[1], [3]], [[2], [0]]]]).arraySync(); // → [[[[3]]]]
 * ```
 */
export class MaxPooling2D extends BasePooling {
  static readonly className: string = "MaxPooling2D";

  /**
   * @param options `poolSize` (default 2), `strides` (default: the size of the windows), `padding` (`"valid"`, the default,
   *   or `"same"`), `dataFormat`, and those of every layer
   */
  constructor(options: PoolingLayerOptions = {}) {
    super("MaxPooling2D", 2, "max", options);
  }
}
