/** A penalty on activations, as a layer. */
import type { Tensor } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { L1L2 } from "../../regularizers/index.ts";
import type { Config } from "../../saving/config.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";

/** Options of {@link ActivityRegularization}. */
export interface ActivityRegularizationOptions extends Omit<LayerOptions, "activityRegularizer"> {
  /** The factor of absolute values. Default 0. */
  readonly l1?: number;
  /** The factor of squares. Default 0. */
  readonly l2?: number;
}

/**
 * Gives its input back and adds `(l1 · Σ|x| + l2 · Σx²) / samples` to the loss.
 *
 * Input: any shape. Output: the same shape.
 *
 * @example
 * ```ts
 * const layer = new ActivityRegularization({ l1: 0.5 });
 * layer([[1, -2], [3, 0]]);
 * layer.losses[0]?.item(); // → 1.5
 * ```
 */
export class ActivityRegularization extends Layer {
  static readonly className: string = "ActivityRegularization";
  readonly l1: number;
  readonly l2: number;

  constructor(options: ActivityRegularizationOptions = {}) {
    const { l1 = 0, l2 = 0 } = options;
    super({
      ...baseOptions("ActivityRegularization", options, ["l1", "l2"]),
      activityRegularizer: new L1L2({ l1, l2 }),
    });
    this.l1 = l1;
    this.l2 = l2;
    this.supportsMasking = true;
    this.built = true;
  }

  override call(x: Tensor): Tensor {
    return x;
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape;
  }

  override getConfig(): Config {
    const { activity_regularizer: _, ...base } = super.getConfig();
    return { ...base, l1: this.l1, l2: this.l2 };
  }
}
