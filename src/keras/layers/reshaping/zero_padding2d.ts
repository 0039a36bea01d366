/** Puts zeros around images. */
import type { DataFormat } from "../../backend/data_format.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { BaseZeroPadding } from "./base_zero_padding.ts";
import type { Pair } from "./spatial.ts";

/** Options of {@link ZeroPadding2D}. */
export interface ZeroPadding2DOptions extends LayerOptions {
  /** How many zeros are put above and below, left and right: one number, one for each axis, or a pair for each. Default `[1, 1]`. */
  readonly padding?: number | readonly [number | Pair, number | Pair];
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/**
 * Puts zeros around images.
 *
 * Input: `(batch, height, width, channels)`. Output: the same with longer axes of space.
 *
 * @throws ValueError for widths that cannot be
 *
 * @example
 * ```ts
 * new ZeroPadding2D({ padding: [[1, 0], [0, 1]] })([[[[5]]]]).arraySync(); // → [[[[0], [0]], [[5], [0]]]]
 * ```
 */
export class ZeroPadding2D extends BaseZeroPadding {
  static readonly className: string = "ZeroPadding2D";

  /** @param options `padding` (default `[1, 1]`), `dataFormat`, and those of every layer */
  constructor(options: ZeroPadding2DOptions = {}) {
    const base = baseOptions("ZeroPadding2D", options, ["padding", "dataFormat"]);
    super("ZeroPadding2D", 2, options.padding ?? [1, 1], options.dataFormat, base);
  }
}
