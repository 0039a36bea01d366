/** Masks the steps that hold only one value. */
import { type Tensor, where } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { setKerasMask } from "../../backend/masking.ts";
import { any, notEqual } from "../../ops/index.ts";
import type { Config } from "../../saving/config.ts";
import type { SymbolicInputs, Tensors } from "../call_inputs.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link Masking}. */
export interface MaskingOptions extends LayerOptions {
  /** The value that marks a step without data. Default 0. */
  readonly maskValue?: number;
}

/**
 * Masks the steps of sequences in which all features equal a value: the layers behind skip them. The output is 0 there.
 *
 * Input: `(batch, steps, features)`. Output: the same.
 *
 * @example
 * ```ts
 * const x = new Masking({ maskValue: -1 })([[[1, 2], [-1, -1]]]);
 * x.arraySync(); // → [[[1, 2], [0, 0]]]
 * ```
 */
export class Masking extends Layer {
  static readonly className: string = "Masking";
  readonly maskValue: number;

  /** @param options `maskValue` (default 0), and those of every layer */
  constructor(options: MaskingOptions = {}) {
    super(baseOptions("Masking", options, ["maskValue"]));
    this.maskValue = options.maskValue ?? 0;
    this.supportsMasking = true;
    this.built = true;
  }

  override computeMask(inputs: Tensors | SymbolicInputs): Tensor {
    return any(notEqual(inputs as Tensor, this.maskValue), { axis: -1 });
  }

  override call(x: Tensor): Tensor {
    const mask = this.computeMask(x);
    const output = where(mask.reshape(...mask.shape, 1), x, 0);
    setKerasMask(output, mask);
    return output;
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), mask_value: this.maskValue };
  }
}
