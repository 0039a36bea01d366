/** The mean over all steps. */
import { sum, type Tensor, where } from "../../../engine/index.ts";
import type { CallArguments } from "../call_inputs.ts";
import { BaseGlobalPooling, type GlobalPoolingOptions } from "./base_global_pooling.ts";

/**
 * The mean over all steps, for each channel. With a mask `(batch, steps)` only the steps count where it is true.
 *
 * Input: `(batch, steps, channels)`. Output: `(batch, channels)`, or `(batch, 1, channels)` with `keepdims`.
 *
 * @example
 * ```ts
 * new GlobalAveragePooling1D()([[[1], [3], [2], [0]]]).arraySync(); // → [[1.5]]
 * ```
 */
export class GlobalAveragePooling1D extends BaseGlobalPooling {
  static readonly className: string = "GlobalAveragePooling1D";

  /** @param options `dataFormat`, `keepdims` (default false), and those of every layer */
  constructor(options: GlobalPoolingOptions = {}) {
    super("GlobalAveragePooling1D", 1, options);
    this.supportsMasking = true;
  }

  protected override get notesMask(): boolean {
    return true;
  }

  override call(x: Tensor, { mask }: CallArguments): Tensor {
    const { axes, keepdims } = this;
    if (mask === undefined) return x.mean(axes, { keepdims });
    const given = (mask as Tensor).astype("bool");
    const channels = this.dataFormat === "channels_last" ? 2 : 1;
    const wide = given.reshape(...given.shape.toSpliced(channels, 0, 1));
    const total = sum(where(wide, x, 0), axes).divide(sum(wide.astype(x.dtype), axes));
    return keepdims ? total.reshape(...total.shape.toSpliced(axes[0]!, 0, 1)) : total;
  }

  /** There are no steps left that a mask could be of. */
  override computeMask(): null {
    return null;
  }
}
