/** The mean of all of space in three dimensions. */
import type { Tensor } from "../../../engine/index.ts";
import { BaseGlobalPooling, type GlobalPoolingOptions } from "./base_global_pooling.ts";

/**
 * The mean of all of space, for each channel, in three dimensions.
 *
 * Input: `(batch, depth, height, width, channels)`. Output: `(batch, channels)`, or `(batch, 1, 1, 1, channels)` with `keepdims`.
 *
 * @example
 * ```ts
 * new GlobalAveragePooling3D()([[[[[1], [3]], [[2], [0]]], [[[4], [1]], [[0], [5]]]]]).arraySync(); // → [[2]]
 * ```
 */
export class GlobalAveragePooling3D extends BaseGlobalPooling {
  static readonly className: string = "GlobalAveragePooling3D";

  /** @param options `dataFormat`, `keepdims` (default false), and those of every layer */
  constructor(options: GlobalPoolingOptions = {}) {
    super("GlobalAveragePooling3D", 3, options);
  }

  override call(x: Tensor): Tensor {
    return x.mean(this.axes, { keepdims: this.keepdims });
  }
}
