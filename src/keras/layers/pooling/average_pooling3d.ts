/** The mean of windows in three dimensions. */
import { BasePooling, type PoolingLayerOptions } from "./base_pooling.ts";

/**
 * The mean of each window, for each channel, in three dimensions.
 *
 * Input: `(batch, depth, height, width, channels)`. Output: the same with one element for each window.
 *
 * @throws ValueError for options that cannot be; ShapeError when windows do not fit into the input
 *
 * @example
 * ```ts
 * new AveragePooling3D()([[[[[1], [3]], [[2], [0]]], [[[4], [1]], [[0], [5]]]]]).arraySync(); // → [[[[[2]]]]]
 * ```
 */
export class AveragePooling3D extends BasePooling {
  static readonly className: string = "AveragePooling3D";

  /**
   * @param options `poolSize` (default 2), `strides` (default: the size of the windows), `padding` (`"valid"`, the default,
   *   or `"same"`), `dataFormat`, and those of every layer
   */
  constructor(options: PoolingLayerOptions = {}) {
    super("AveragePooling3D", 3, "average", options);
  }
}
