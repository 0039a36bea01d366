/** What pooling layers share. */
import { type DType, type Tensor } from "../../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../../backend/data_format.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { averagePool, maxPool } from "../../ops/nn_pooling.ts";
import {
  checkPadding,
  type Padding,
  type PerAxis,
  perAxis,
  windowsAlong,
} from "../../ops/window_arguments.ts";
import type { Config } from "../../saving/config.ts";
import { firstDType } from "../call_inputs.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of pooling layers. */
export interface PoolingLayerOptions extends LayerOptions {
  /** The size of the windows. Default 2. */
  readonly poolSize?: PerAxis;
  /** Steps between windows. Default: their size. */
  readonly strides?: PerAxis | null;
  /** `"valid"` (default) or `"same"`. What lies outside counts nothing. */
  readonly padding?: Padding;
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/** Pooling of any number of dimensions. */
export abstract class BasePooling extends Layer {
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: Padding;
  readonly dataFormat: DataFormat;
  readonly #pool: typeof maxPool;

  /** @param where the class */
  constructor(where: string, rank: number, mode: "max" | "average", options: PoolingLayerOptions) {
    super(baseOptions(where, options, ["poolSize", "strides", "padding", "dataFormat"]));
    const { poolSize = 2 } = options;
    this.poolSize = perAxis(poolSize, rank, where, "poolSize");
    this.strides = perAxis(options.strides ?? poolSize, rank, where, "strides");
    this.padding = checkPadding(options.padding ?? "valid", ["valid", "same"], where);
    this.dataFormat = standardizeDataFormat(options.dataFormat, where);
    this.inputSpec = new InputSpec({ ndim: rank + 2 });
    this.#pool = mode === "max" ? maxPool : averagePool;
    this.built = true;
  }

  override call(x: Tensor): Tensor {
    const { strides, padding, dataFormat } = this;
    return this.#pool(x, this.poolSize, { strides, padding, dataFormat });
  }

  protected override outputDType(inputs: unknown): DType {
    return firstDType(inputs);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    const last = this.dataFormat === "channels_last";
    const space = last ? inputShape.slice(1, -1) : inputShape.slice(2);
    const counts = space.map((n, d) =>
      windowsAlong(n, this.poolSize[d]!, this.strides[d]!, 1, this.padding, `Layer "${this.name}"`),
    );
    const [samples = null] = inputShape;
    const channels = inputShape.at(last ? -1 : 1) ?? null;
    return last ? [samples, ...counts, channels] : [samples, channels, ...counts];
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      pool_size: this.poolSize,
      padding: this.padding,
      strides: this.strides,
      data_format: this.dataFormat,
    };
  }
}
