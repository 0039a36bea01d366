/** Cuts away the borders of volumes. */
import type { DataFormat } from "../../backend/data_format.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { BaseCropping } from "./base_cropping.ts";
import type { Pair } from "./spatial.ts";

/** Options of {@link Cropping3D}. */
export interface Cropping3DOptions extends LayerOptions {
  /** How many elements are cut away before and behind each axis: one number, one for each axis, or a pair for each. Default `[[1, 1], [1, 1], [1, 1]]`. */
  readonly cropping?: number | readonly [number | Pair, number | Pair, number | Pair];
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/**
 * Cuts away the borders of volumes.
 *
 * Input: `(batch, dim1, dim2, dim3, channels)`. Output: the same with shorter axes of space.
 *
 * @throws ValueError for widths that cannot be; ShapeError when nothing would be left
 *
 * @example
 * ```ts
 * new Cropping3D()(ops.ones([1, 3, 4, 5, 2])).shape; // → [1, 1, 2, 3, 2]
 * ```
 */
export class Cropping3D extends BaseCropping {
  static readonly className: string = "Cropping3D";

  /** @param options `cropping` (default `[[1, 1], [1, 1], [1, 1]]`), `dataFormat`, and those of every layer */
  constructor(options: Cropping3DOptions = {}) {
    const base = baseOptions("Cropping3D", options, ["cropping", "dataFormat"]);
    super(
      "Cropping3D",
      3,
      options.cropping ?? [
        [1, 1],
        [1, 1],
        [1, 1],
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
