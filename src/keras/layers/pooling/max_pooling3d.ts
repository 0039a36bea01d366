/** The largest element of windows in three dimensions. */
import { BasePooling, type PoolingLayerOptions } from "./base_pooling.ts";

/**
 * The largest element of each window, for each channel, in three dimensions.
 *
 * Input: `(batch, depth, height, width, channels)`. Output: the same with one element for each window.
 *
 * @throws ValueError for options that cannot be; ShapeError when windows do not fit into the input
 *
 * @example
 * ```ts
 * new MaxPooling3D()([[[[[1], [3]], [[2], [0]]], [[[4], [1]], [[0], [5]]]]]).arraySync(); // → [[[[[5]]]]]
 * ```
 */
export class MaxPooling3D extends BasePooling {
  static readonly className: string = "MaxPooling3D";

  /**
   * @param options `poolSize` (default 2), `strides` (default: the size of the windows), `padding` (`"valid"`, the default,
   *   or `"same"`), `dataFormat`, and those of every layer
   */
  constructor(options: PoolingLayerOptions = {}) {
    super("MaxPooling3D", 3, "max", options);
  }
}
