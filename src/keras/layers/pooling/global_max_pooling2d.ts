/** The largest element of all of space in two dimensions. */
import type { Tensor } from "../../../engine/index.ts";
import { BaseGlobalPooling, type GlobalPoolingOptions } from "./base_global_pooling.ts";

/**
 * The largest element of all of space, for each channel, in two dimensions.
 *
 * Input: `(batch, height, width, channels)`. Output: `(batch, channels)`, or `(batch, 1, 1, channels)` with `keepdims`.
 *
 * @example
 * ```ts
 * new GlobalMaxPooling2D()([[[[1], [3]], [[2], [0]]]]).arraySync(); // → [[3]]
 * ```
 */
export class GlobalMaxPooling2D extends BaseGlobalPooling {
  static readonly className: string = "GlobalMaxPooling2D";

  /** @param options `dataFormat`, `keepdims` (default false), and those of every layer */
  constructor(options: GlobalPoolingOptions = {}) {
    super("GlobalMaxPooling2D", 2, options);
  }

  override call(x: Tensor): Tensor {
    return x.max(this.axes, { keepdims: this.keepdims });
  }
}
