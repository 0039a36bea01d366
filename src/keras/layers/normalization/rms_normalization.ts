/** Normalization by the root mean square. */
import type { Tensor } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import { rmsNormalization } from "../../ops/nn_normalization.ts";
import type { Config } from "../../saving/config.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { axesOf, checkAxis } from "./base_normalization.ts";

/** Options of {@link RMSNormalization}. */
export interface RMSNormalizationOptions extends LayerOptions {
  /** The axis or axes over which the mean is taken. Default -1. */
  readonly axis?: number | readonly number[];
  /** Is added to the mean of the squares. Default 1e-6. */
  readonly epsilon?: number;
}

/**
 * Root mean square normalization: `x / √(mean(x²) + epsilon) · scale`, of each sample alone (Zhang and Sennrich, 2019).
 *
 * Input: any shape. Output: the same. Weight: `scale`, with the lengths of the axes.
 *
 * @throws ShapeError when the input does not have one of the axes
 *
 * @example
 * ```ts
 * new RMSNormalization()([[3, 4, 0, 0]]).arraySync(); // → [[1.2, 1.6, 0, 0]]
 * ```
 */
export class RMSNormalization extends Layer {
  static readonly className: string = "RMSNormalization";
  /** Once the layer is built, an array. */
  axis: number | readonly number[];
  readonly epsilon: number;
  /** There once the layer is built. */
  scale: Variable | undefined;

  /** @param options `axis` (default -1), `epsilon` (default 1e-6), and those of every layer */
  constructor(options: RMSNormalizationOptions = {}) {
    super(baseOptions("RMSNormalization", options, ["axis", "epsilon"]));
    this.axis = checkAxis(options.axis ?? -1, "RMSNormalization");
    this.epsilon = options.epsilon ?? 1e-6;
  }

  override build(inputShape: KerasShape): void {
    const axis = typeof this.axis === "number" ? [this.axis] : this.axis.toSorted((a, b) => a - b);
    const axes = axesOf(axis, inputShape, `Layer "${this.name}"`);
    this.axis = axis;
    this.scale = this.addWeight({
      name: "scale",
      shape: axes.map((d) => inputShape[d]!),
      initializer: "ones",
    });
  }

  override call(x: Tensor): Tensor {
    const { axis, epsilon, scale = null } = this;
    return rmsNormalization(x, { axis, epsilon, scale });
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    axesOf(this.axis, inputShape, `Layer "${this.name}"`);
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axis: this.axis, epsilon: this.epsilon };
  }
}
