/** The exponential linear unit as a layer. */
import type { Tensor } from "../../../engine/index.ts";
import { elu } from "../../activations/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Config } from "../../saving/config.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link ELU}. */
export interface ELUOptions extends LayerOptions {
  /** The limit below: the output goes to `-alpha`. Default 1. */
  readonly alpha?: number;
}

/**
 * The exponential linear unit: `x` where it is positive, else `alpha · (exp(x) - 1)`.
 *
 * Input: any shape. Output: the same shape.
 *
 * @example
 * ```ts
 * new ELU()([-1e9, 2]).arraySync(); // → [-1, 2]
 * ```
 */
export class ELU extends Layer {
  static readonly className: string = "ELU";
  readonly alpha: number;

  constructor(options: ELUOptions = {}) {
    super(baseOptions("ELU", options, ["alpha"]));
    this.alpha = options.alpha ?? 1;
    this.supportsMasking = true;
    this.built = true;
  }

  override call(x: Tensor): Tensor {
    return elu(x, { alpha: this.alpha });
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), alpha: this.alpha };
  }
}
