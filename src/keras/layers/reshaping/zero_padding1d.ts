/** Puts zeros around sequences. */
import type { DataFormat } from "../../backend/data_format.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { BaseZeroPadding } from "./base_zero_padding.ts";

/** Options of {@link ZeroPadding1D}. */
export interface ZeroPadding1DOptions extends LayerOptions {
  /** How many zeros are put before and behind: one number, or one for each side. Default `1`. */
  readonly padding?: number | readonly [number, number];
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/**
 * Puts zeros around sequences.
 *
 * Input: `(batch, steps, channels)`. Output: the same with longer axes of space.
 *
 * @throws ValueError for widths that cannot be
 *
 * @example
 * ```ts
 * new ZeroPadding1D()([[[1], [2]]]).arraySync(); // → [[[0], [1], [2], [0]]]
 * ```
 */
export class ZeroPadding1D extends BaseZeroPadding {
  static readonly className: string = "ZeroPadding1D";

  /** @param options `padding` (default `1`), `dataFormat`, and those of every layer */
  constructor(options: ZeroPadding1DOptions = {}) {
    const base = baseOptions("ZeroPadding1D", options, ["padding", "dataFormat"]);
    super("ZeroPadding1D", 1, options.padding ?? 1, options.dataFormat, base);
  }
}
