/** Dropout of whole feature maps in one dimension. */
import type { Config } from "../../saving/config.ts";
import { BaseSpatialDropout, type SpatialDropoutOptions } from "./base_spatial_dropout.ts";

/**
 * While training, sets whole feature maps to 0 at random: for each sample a channel is kept everywhere or nowhere. Neighbours
 * are so much alike that single elements would not be missed (Tompson et al., 2014).
 *
 * Input: `(batch, steps, channels)`. Output: the same.
 *
 * @throws ValueError unless the rate lies between 0 and 1; ShapeError for inputs of another rank
 *
 * @example
 * ```ts
 * new SpatialDropout1D(0.5)([[[1, 2], [3, 4]]]).arraySync(); // → [[[1, 2], [3, 4]]]
 * ```
 */
export class SpatialDropout1D extends BaseSpatialDropout {
  static override readonly className: string = "SpatialDropout1D";

  /**
   * @param rate the part of the feature maps that becomes 0, from 0 to 1
   * @param options `seed`, and those of every layer
   */
  constructor(rate: number, options: SpatialDropoutOptions = {}) {
    super("SpatialDropout1D", 1, rate, options);
  }

  override getConfig(): Config {
    const { data_format: _, ...config } = super.getConfig();
    return config;
  }
}
