/** Flattening. */
import type { DType, Tensor } from "../../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../../backend/data_format.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { firstDType } from "../call_inputs.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link Flatten}. */
export interface FlattenOptions extends LayerOptions {
  /** Default `"channels_last"`. With `"channels_first"` the channels are moved to the end before flattening. */
  readonly dataFormat?: DataFormat | null;
}

/**
 * Puts all axes but that of samples into one.
 *
 * Input: `(batch, …)`. Output: `(batch, features)`; an input `(batch,)` gives `(batch, 1)`.
 *
 * @throws ValueError for an unknown `dataFormat`
 *
 * @example
 * ```ts
 * new Flatten()([[[1, 2], [3, 4]]]).arraySync(); // → [[1, 2, 3, 4]]
 * ```
 */
export class Flatten extends Layer {
  static readonly className: string = "Flatten";
  readonly dataFormat: DataFormat;

  constructor(options: FlattenOptions = {}) {
    super(baseOptions("Flatten", options, ["dataFormat"]));
    this.dataFormat = standardizeDataFormat(options.dataFormat, "Flatten");
    this.inputSpec = new InputSpec({ minNdim: 1 });
  }

  override call(x: Tensor): Tensor {
    const last = x.ndim - 1;
    const moves = this.dataFormat === "channels_first" && last > 1;
    const arranged = moves ? x.transpose([0, ...Array.from({ length: last - 1 }, (_, i) => i + 2), 1]) : x;
    return arranged.reshape(
      x.shape[0]!,
      x.shape.slice(1).reduce((n, m) => n * m, 1),
    );
  }

  protected override outputDType(inputs: unknown): DType {
    return firstDType(inputs);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    const [samples = null, ...others] = inputShape;
    return [samples, others.reduce((n, m) => (n === null || m === null ? null : n * m), 1)];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), data_format: this.dataFormat };
  }
}
