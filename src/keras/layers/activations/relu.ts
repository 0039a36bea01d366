/** The rectifier as a layer. */
import { show, type Tensor, ValueError } from "../../../engine/index.ts";
import { relu } from "../../activations/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link ReLU}. */
export interface ReLUOptions extends LayerOptions {
  /** The largest output. Default none. */
  readonly maxValue?: number | null;
  /** The slope below the threshold. Default 0. */
  readonly negativeSlope?: number;
  /** Where the line begins. Default 0. */
  readonly threshold?: number;
}

/**
 * The rectifier: `x` where it reaches the threshold, at most `maxValue`; below, `negativeSlope · (x - threshold)`.
 *
 * Input: any shape. Output: the same shape.
 *
 * @throws ValueError for negative options
 *
 * @example
 * ```ts
 * new ReLU({ maxValue: 10 })([-3, -1, 0, 2, 20]).arraySync(); // → [0, 0, 0, 2, 10]
 * ```
 */
export class ReLU extends Layer {
  static readonly className: string = "ReLU";
  readonly maxValue: number | null;
  readonly negativeSlope: number;
  readonly threshold: number;

  constructor(options: ReLUOptions = {}) {
    super(baseOptions("ReLU", options, ["maxValue", "negativeSlope", "threshold"]));
    this.maxValue = options.maxValue ?? null;
    this.negativeSlope = options.negativeSlope ?? 0;
    this.threshold = options.threshold ?? 0;
    for (const name of ["maxValue", "negativeSlope", "threshold"] as const) {
      const value = this[name];
      if (value !== null && !(value >= 0)) {
        throw new ValueError(`ReLU: expected ${name} not to be negative. Received: ${name}=${show(value)}`);
      }
    }
    this.supportsMasking = true;
    this.built = true;
  }

  override call(x: Tensor): Tensor {
    const { maxValue, negativeSlope, threshold } = this;
    return relu(x, { maxValue, negativeSlope, threshold });
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape;
  }

  override getConfig(): Config {
    const { maxValue, negativeSlope, threshold } = this;
    return { ...super.getConfig(), max_value: maxValue, negative_slope: negativeSlope, threshold };
  }
}
