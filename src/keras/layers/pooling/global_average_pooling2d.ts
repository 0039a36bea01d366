/** The mean of all of space in two dimensions. */
import type { Tensor } from "../../../engine/index.ts";
import { BaseGlobalPooling, type GlobalPoolingOptions } from "./base_global_pooling.ts";

/**
 * The mean of all of space, for each channel, in two dimensions.
 *
 * Input: `(batch, height, width, channels)`. Output: `(batch, channels)`, or `(batch, 1, 1, channels)` with `keepdims`.
 *
 * @example
 * ```ts
 * new GlobalAveragePooling2D()([[[[1], [3]], [[2], [0]]]]).arraySync(); // → [[1.5]]
 * ```
 */
export class GlobalAveragePooling2D extends BaseGlobalPooling {
  static readonly className: string = "GlobalAveragePooling2D";

  /** @param options `dataFormat`, `keepdims` (default false), and those of every layer */
  constructor(options: GlobalPoolingOptions = {}) {
    super("GlobalAveragePooling2D", 2, options);
  }

  override call(x: Tensor): Tensor {
    return x.mean(this.axes, { keepdims: this.keepdims });
  }
}
