/** The largest element of all of space in one dimension. */
import type { Tensor } from "../../../engine/index.ts";
import { BaseGlobalPooling, type GlobalPoolingOptions } from "./base_global_pooling.ts";

/**
 * The largest element of all of space, for each channel, in one dimension.
 *
 * Input: `(batch, steps, channels)`. Output: `(batch, channels)`, or `(batch, 1, channels)` with `keepdims`.
 *
 * @example
 * ```ts
 * new GlobalMaxPooling1D()([[[1], [3], [2], [0]]]).arraySync(); // → [[3]]
 * ```
 */
export class GlobalMaxPooling1D extends BaseGlobalPooling {
  static readonly className: string = "GlobalMaxPooling1D";

  /** @param options `dataFormat`, `keepdims` (default false), and those of every layer */
  constructor(options: GlobalPoolingOptions = {}) {
    super("GlobalMaxPooling1D", 1, options);
  }

  override call(x: Tensor): Tensor {
    return x.max(this.axes, { keepdims: this.keepdims });
  }
}
