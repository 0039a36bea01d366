/** The rectifier with a slope on both sides, as a layer. */
import { show, type Tensor, ValueError } from "../../../engine/index.ts";
import { leakyRelu } from "../../activations/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link LeakyReLU}. */
export interface LeakyReLUOptions extends LayerOptions {
  /** The slope below 0. Default 0.3. */
  readonly negativeSlope?: number;
}

/**
 * The leaky rectifier: `x` where it is positive, else `negativeSlope · x`.
 *
 * Input: any shape. Output: the same shape.
 *
 * @throws ValueError for a negative slope
 *
 * @example
 * ```ts
 * new LeakyReLU({ negativeSlope: 0.5 })([-3, 2]).arraySync(); // → [-1.5, 2]
 * ```
 */
export class LeakyReLU extends Layer {
  static readonly className: string = "LeakyReLU";
  readonly negativeSlope: number;

  constructor(options: LeakyReLUOptions = {}) {
    super(baseOptions("LeakyReLU", options, ["negativeSlope"]));
    this.negativeSlope = options.negativeSlope ?? 0.3;
    if (!(this.negativeSlope >= 0)) {
      throw new ValueError(
        `LeakyReLU: expected negativeSlope not to be negative. Received: negativeSlope=${show(options.negativeSlope)}`,
      );
    }
    this.supportsMasking = true;
    this.built = true;
  }

  override call(x: Tensor): Tensor {
    return leakyRelu(x, { negativeSlope: this.negativeSlope });
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), negative_slope: this.negativeSlope };
  }
}
