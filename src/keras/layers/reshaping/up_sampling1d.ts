/** Steps of sequences repeated. */
import { type DType, show, type Tensor, ValueError } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { repeat } from "../../ops/numpy_shape.ts";
import type { Config } from "../../saving/config.ts";
import { firstDType } from "../call_inputs.ts";
import { InputSpec } from "../input_spec.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link UpSampling1D}. */
export interface UpSampling1DOptions extends LayerOptions {
  /** How often each step is repeated. Default 2. */
  readonly size?: number;
}

/**
 * Repeats each step of sequences.
 *
 * Input: `(batch, steps, features)`. Output: `(batch, size · steps, features)`.
 *
 * @throws ValueError unless `size` is a positive whole number
 *
 * @example
 * ```ts
 * new UpSampling1D()([[[1], [2]]]).arraySync(); // → [[[1], [1], [2], [2]]]
 * ```
 */
export class UpSampling1D extends Layer {
  static readonly className: string = "UpSampling1D";
  readonly size: number;

  /** @param options `size` (default 2), and those of every layer */
  constructor(options: UpSampling1DOptions = {}) {
    super(baseOptions("UpSampling1D", options, ["size"]));
    this.size = options.size ?? 2;
    if (!(Number.isSafeInteger(this.size) && this.size > 0)) {
      throw new ValueError(
        `UpSampling1D: expected size to be a positive whole number. Received: size=${show(options.size)}`,
      );
    }
    this.inputSpec = new InputSpec({ ndim: 3 });
  }

  override call(x: Tensor): Tensor {
    return repeat(x, this.size, { axis: 1 });
  }

  protected override outputDType(inputs: unknown): DType {
    return firstDType(inputs);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape.map((n, i) => (i === 1 && n !== null ? n * this.size : n));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), size: this.size };
  }
}
