/** Cuts away the borders of images. */
import type { DataFormat } from "../../backend/data_format.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { BaseCropping } from "./base_cropping.ts";
import type { Pair } from "./spatial.ts";

/** Options of {@link Cropping2D}. */
export interface Cropping2DOptions extends LayerOptions {
  /** How many elements are cut away above and below, left and right: one number, one for each axis, or a pair for each. Default `[[0, 0], [0, 0]]`. */
  readonly cropping?: number | readonly [number | Pair, number | Pair];
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/**
 * Cuts away the borders of images.
 *
 * Input: `(batch, height, width, channels)`. Output: the same with shorter axes of space.
 *
 * @throws ValueError for widths that cannot be; ShapeError when nothing would be left
 *
 * @example
 * ```ts
 * new Cropping2D({ cropping: [[1, 0], [0, 1]] })([[[[1], [2]], [[3], [4]]]]).arraySync(); // → [[[[3]]]]
 * ```
 */
export class Cropping2D extends BaseCropping {
  static readonly className: string = "Cropping2D";

  /** @param options `cropping` (default `[[0, 0], [0, 0]]`), `dataFormat`, and those of every layer */
  constructor(options: Cropping2DOptions = {}) {
    const base = baseOptions("Cropping2D", options, ["cropping", "dataFormat"]);
    super(
      "Cropping2D",
      2,
      options.cropping ?? [
        [0, 0],
        [0, 0],
      ],
      options.dataFormat,
      base,
    );
  }

  /** Where the channels stand. */
  get dataFormat(): DataFormat {
    return this.format;
  }
}
