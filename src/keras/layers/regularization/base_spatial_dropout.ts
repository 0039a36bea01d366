/** What layers share that drop whole feature maps. */
import type { Tensor } from "../../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../../backend/data_format.ts";
import { dropout } from "../../random/index.ts";
import type { Config } from "../../saving/config.ts";
import type { CallArguments } from "../call_inputs.ts";
import { InputSpec } from "../input_spec.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { Dropout } from "./dropout.ts";

/** Options of {@link SpatialDropout1D}. */
export interface SpatialDropoutOptions extends LayerOptions {
  /** Determines what is dropped. Default: determined by `utils.setRandomSeed`. */
  readonly seed?: number | null;
}

/** Options of {@link SpatialDropout2D} and {@link SpatialDropout3D}. */
export interface SpatialDropoutFormatOptions extends SpatialDropoutOptions {
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/** Dropout of whole feature maps, of any number of dimensions. */
export abstract class BaseSpatialDropout extends Dropout {
  readonly dataFormat: DataFormat;

  /**
   * @param where the class
   * @param rank the number of axes of space
   */
  constructor(where: string, rank: number, rate: number, options: SpatialDropoutFormatOptions) {
    const own = rank === 1 ? ["seed"] : ["seed", "dataFormat"];
    super(rate, { ...baseOptions(where, options, own), seed: options.seed ?? null });
    this.dataFormat = standardizeDataFormat(options.dataFormat, where);
    this.inputSpec = new InputSpec({ ndim: rank + 2 });
  }

  override call(x: Tensor, { training }: CallArguments): Tensor {
    if (!training || this.seedGenerator === undefined) return x;
    const channels = this.dataFormat === "channels_last" ? x.ndim - 1 : 1;
    const noiseShape = x.shape.map((n, axis) => (axis === 0 || axis === channels ? n : 1));
    return dropout(x, this.rate, { noiseShape, seed: this.seedGenerator });
  }

  override getConfig(): Config {
    // As Keras writes it: without `trainable`, and with the dtype's name alone.
    const { noise_shape: _, trainable: __, ...config } = super.getConfig();
    return { ...config, dtype: this.variableDtype, data_format: this.dataFormat };
  }
}
