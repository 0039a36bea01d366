/** The largest element of all of space in three dimensions. */
import type { Tensor } from "../../../engine/index.ts";
import { BaseGlobalPooling, type GlobalPoolingOptions } from "./base_global_pooling.ts";

/**
 * The largest element of all of space, for each channel, in three dimensions.
 *
 * Input: `(batch, depth, height, width, channels)`. Output: `(batch, channels)`, or `(batch, 1, 1, 1, channels)` with `keepdims`.
 *
 * @example
 * ```ts
 * new GlobalMaxPooling3D()([[[[[1], [3]], [[2], [0]]], [[[4], [1]], [[0], [5]]]]]).arraySync(); // → [[5]]
 * ```
 */
export class GlobalMaxPooling3D extends BaseGlobalPooling {
  static readonly className: string = "GlobalMaxPooling3D";

  /** @param options `dataFormat`, `keepdims` (default false), and those of every layer */
  constructor(options: GlobalPoolingOptions = {}) {
    super("GlobalMaxPooling3D", 3, options);
  }

  override call(x: Tensor): Tensor {
    return x.max(this.axes, { keepdims: this.keepdims });
  }
}
