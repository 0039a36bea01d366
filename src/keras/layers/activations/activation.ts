/** An activation function as a layer. */
import type { Tensor } from "../../../engine/index.ts";
import * as activations from "../../activations/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/**
 * Applies an activation function.
 *
 * Input: any shape. Output: the same shape.
 *
 * @example
 * ```ts
 * new Activation("relu")([-1, 2]).arraySync(); // → [0, 2]
 * ```
 */
export class Activation extends Layer {
  static readonly className: string = "Activation";
  static override readonly positional: readonly string[] = ["activation"];
  readonly activation: activations.Activation;

  /**
   * @param activation a name such as `"relu"`, or a function
   * @param options those of every layer
   * @throws ValueError when there is no such activation
   */
  constructor(activation: activations.ActivationIdentifier, options: LayerOptions = {}) {
    super(baseOptions("Activation", options, []));
    this.activation = activations.get(activation);
    this.supportsMasking = true;
    this.built = true;
  }

  override call(x: Tensor): Tensor {
    return this.activation(x);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), activation: activations.serialize(this.activation) };
  }
}
