/** What layers share that pool all of space. */
import type { DType } from "../../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../../backend/data_format.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { firstDType } from "../call_inputs.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of layers that pool all of space. */
export interface GlobalPoolingOptions extends LayerOptions {
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
  /** Whether the axes of space stay, with length 1. Default false. */
  readonly keepdims?: boolean;
}

/** Pooling of all of space, of any number of dimensions. */
export abstract class BaseGlobalPooling extends Layer {
  readonly dataFormat: DataFormat;
  readonly keepdims: boolean;
  /** The axes of space. */
  protected readonly axes: readonly number[];

  /** @param where the class */
  constructor(where: string, rank: number, options: GlobalPoolingOptions) {
    super(baseOptions(where, options, ["dataFormat", "keepdims"]));
    this.dataFormat = standardizeDataFormat(options.dataFormat, where);
    this.keepdims = options.keepdims ?? false;
    this.inputSpec = new InputSpec({ ndim: rank + 2 });
    const first = this.dataFormat === "channels_last" ? 1 : 2;
    this.axes = Array.from({ length: rank }, (_, d) => first + d);
    this.built = true;
  }

  protected override outputDType(inputs: unknown): DType {
    return firstDType(inputs);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape.flatMap((n, axis) => (!this.axes.includes(axis) ? [n] : this.keepdims ? [1] : []));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), data_format: this.dataFormat, keepdims: this.keepdims };
  }
}
