/** Normalization of each sample alone. */
import type { Tensor } from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { layerNormalization } from "../../ops/nn_normalization.ts";
import type { Config } from "../../saving/config.ts";
import { axesOf, BaseNormalization, type BaseNormalizationOptions, checkAxis } from "./base_normalization.ts";

/** Options of {@link LayerNormalization}. */
export interface LayerNormalizationOptions extends BaseNormalizationOptions {
  /** The axis or axes over which mean and variance are taken. Default -1. */
  readonly axis?: number | readonly number[];
  /** Whether the mean is left in and `beta` out; superseded by {@link RMSNormalization}. Default false. */
  readonly rmsScaling?: boolean;
}

/**
 * Layer normalization: `(x - mean) / √(variance + epsilon) · gamma + beta`, with mean and variance of each sample alone,
 * over the features (Ba et al., 2016).
 *
 * Input: any shape. Output: the same. Weights: `gamma` and `beta`, with the lengths of the axes.
 *
 * @throws ShapeError when the input does not have one of the axes
 *
 * @example
 * ```ts
 * new LayerNormalization({ epsilon: 0 })([[1, 3]]).arraySync(); // → [[-1, 1]]
 * ```
 */
export class LayerNormalization extends BaseNormalization {
  static readonly className: string = "LayerNormalization";
  /** Once the layer is built: an array of axes counted from the front. */
  axis: number | readonly number[];
  readonly rmsScaling: boolean;

  /**
   * @param options `axis` (default -1), `epsilon` (default 0.001), `center` (default true), `scale` (default true),
   *   `rmsScaling` (default false), initializers, regularizers and constraints of `beta` and `gamma`, and those of every layer
   */
  constructor(options: LayerNormalizationOptions = {}) {
    super("LayerNormalization", options, ["axis", "rmsScaling"]);
    this.axis = checkAxis(options.axis ?? -1, "LayerNormalization");
    this.rmsScaling = options.rmsScaling ?? false;
    this.autocast = false;
  }

  override build(inputShape: KerasShape): void {
    const axes = axesOf(this.axis, inputShape, `Layer "${this.name}"`).sort((a, b) => a - b);
    const shape = axes.map((d) => inputShape[d]!);
    this.addGammaAndBeta(shape, this.scale || this.rmsScaling, this.center && !this.rmsScaling);
    this.axis = axes;
  }

  override call(x: Tensor): Tensor {
    const { axis, epsilon, gamma = null, beta = null, rmsScaling } = this;
    return this.finish(layerNormalization(x, { axis, epsilon, gamma, beta, rmsScaling }));
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    axesOf(this.axis, inputShape, `Layer "${this.name}"`);
    return inputShape;
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      axis: this.axis,
      rms_scaling: this.rmsScaling,
      ...this.affineConfig(),
    };
  }
}
