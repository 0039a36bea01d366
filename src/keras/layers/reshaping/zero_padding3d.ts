/** Puts zeros around volumes. */
import type { DataFormat } from "../../backend/data_format.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { BaseZeroPadding } from "./base_zero_padding.ts";
import type { Pair } from "./spatial.ts";

/** Options of {@link ZeroPadding3D}. */
export interface ZeroPadding3DOptions extends LayerOptions {
  /** How many zeros are put before and behind each axis: one number, one for each axis, or a pair for each. Default `[[1, 1], [1, 1], [1, 1]]`. */
  readonly padding?: number | readonly [number | Pair, number | Pair, number | Pair];
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/**
 * Puts zeros around volumes.
 *
 * Input: `(batch, dim1, dim2, dim3, channels)`. Output: the same with longer axes of space.
 *
 * @throws ValueError for widths that cannot be
 *
 * @example
 * ```ts
 * new ZeroPadding3D()(ops.ones([1, 1, 2, 3, 2])).shape; // → [1, 3, 4, 5, 2]
 * ```
 */
export class ZeroPadding3D extends BaseZeroPadding {
  static readonly className: string = "ZeroPadding3D";

  /** @param options `padding` (default `[[1, 1], [1, 1], [1, 1]]`), `dataFormat`, and those of every layer */
  constructor(options: ZeroPadding3DOptions = {}) {
    const base = baseOptions("ZeroPadding3D", options, ["padding", "dataFormat"]);
    super(
      "ZeroPadding3D",
      3,
      options.padding ?? [
        [1, 1],
        [1, 1],
        [1, 1],
      ],
      options.dataFormat,
      base,
    );
  }
}
