/** What layers share whose windows divide space into a given number. */
import type { DType, Tensor } from "../../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../../backend/data_format.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { adaptiveAveragePool, adaptiveMaxPool } from "../../ops/nn_pooling.ts";
import { type PerAxis, perAxis } from "../../ops/window_arguments.ts";
import type { Config } from "../../saving/config.ts";
import { firstDType } from "../call_inputs.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of adaptive pooling layers. */
export interface AdaptivePoolingOptions extends LayerOptions {
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/** Adaptive pooling of any number of dimensions. */
export abstract class BaseAdaptivePooling extends Layer {
  static override readonly positional: readonly string[] = ["outputSize"];
  readonly outputSize: readonly number[];
  readonly dataFormat: DataFormat;
  readonly #pool: typeof adaptiveMaxPool;

  /** @param where the class */
  constructor(
    where: string,
    rank: number,
    mode: "max" | "average",
    outputSize: PerAxis,
    options: AdaptivePoolingOptions,
  ) {
    super(baseOptions(where, options, ["dataFormat"]));
    this.outputSize = perAxis(outputSize, rank, where, "outputSize");
    this.dataFormat = standardizeDataFormat(options.dataFormat, where);
    this.inputSpec = new InputSpec({ ndim: rank + 2 });
    this.#pool = mode === "max" ? adaptiveMaxPool : adaptiveAveragePool;
  }

  override call(x: Tensor): Tensor {
    return this.#pool(x, this.outputSize, { dataFormat: this.dataFormat });
  }

  protected override outputDType(inputs: unknown): DType {
    return firstDType(inputs);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    const [samples = null] = inputShape;
    const last = this.dataFormat === "channels_last";
    const channels = inputShape.at(last ? -1 : 1) ?? null;
    return last ? [samples, ...this.outputSize, channels] : [samples, channels, ...this.outputSize];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), output_size: this.outputSize, data_format: this.dataFormat };
  }
}
