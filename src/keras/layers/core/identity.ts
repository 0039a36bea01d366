/** The layer that changes nothing. */
import type { DType, Tensor } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { firstDType } from "../call_inputs.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/**
 * Gives its input back: a placeholder in a stack of layers.
 *
 * Input: any shape. Output: the same shape.
 *
 * @example
 * ```ts
 * new Identity()([1, 2]).arraySync(); // → [1, 2]
 * ```
 */
export class Identity extends Layer {
  static readonly className: string = "Identity";

  constructor(options: LayerOptions = {}) {
    super(baseOptions("Identity", options, []));
    this.supportsMasking = true;
    this.built = true;
  }

  override call(x: Tensor): Tensor {
    return x;
  }

  protected override outputDType(inputs: unknown): DType {
    return firstDType(inputs);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape;
  }
}
