/** Normalization over groups of channels. */
import {
  add,
  multiply,
  rsqrt,
  ShapeError,
  show,
  showShape,
  subtract,
  type Tensor,
  ValueError,
} from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import { toPrecise } from "../../ops/convert.ts";
import { moments } from "../../ops/nn_losses.ts";
import type { Config } from "../../saving/config.ts";
import { InputSpec } from "../input_spec.ts";
import { axesOf, BaseNormalization, type BaseNormalizationOptions, checkAxis } from "./base_normalization.ts";

/** Options of {@link GroupNormalization}. */
export interface GroupNormalizationOptions extends BaseNormalizationOptions {
  /** The number of groups; -1 makes each channel one. Default 32. */
  readonly groups?: number;
  /** The axis of channels. Default -1. */
  readonly axis?: number;
}

/**
 * Group normalization: channels are divided into groups, and each group of each sample is normalized alone:
 * `(x - mean) / √(variance + epsilon) · gamma + beta` (Wu and He, 2018).
 *
 * Input: any shape with an axis of channels. Output: the same. Weights: `gamma` and `beta`, one number for each channel.
 *
 * @throws ShapeError when the number of channels is no multiple of the number of groups
 *
 * @example
 * ```ts
 * const layer = new GroupNormalization({ groups: 2, epsilon: 0 });
 * layer([[1, 3, 20, 10]]).arraySync(); // → [[-1, 1, 1, -1]]
 * ```
 */
export class GroupNormalization extends BaseNormalization {
  static readonly className: string = "GroupNormalization";
  /** Once the layer is built, the number of groups, where it was -1. */
  groups: number;
  readonly axis: number;

  /**
   * @param options `groups` (default 32), `axis` (default -1), `epsilon` (default 0.001), `center` (default true), `scale`
   *   (default true), initializers, regularizers and constraints of `beta` and `gamma`, and those of every layer
   */
  constructor(options: GroupNormalizationOptions = {}) {
    super("GroupNormalization", options, ["groups", "axis"]);
    this.groups = options.groups ?? 32;
    if (!(Number.isSafeInteger(this.groups) && (this.groups > 0 || this.groups === -1))) {
      throw new ValueError(
        `GroupNormalization: expected groups to be a positive whole number or -1. Received: groups=${show(options.groups)}`,
      );
    }
    this.axis = checkAxis(options.axis ?? -1, "GroupNormalization");
    this.autocast = false;
  }

  override build(inputShape: KerasShape): void {
    const [axis] = axesOf(this.axis, inputShape, `Layer "${this.name}"`) as [number];
    const channels = inputShape[axis] ?? null;
    if (channels === null) {
      throw new ShapeError(
        `Layer "${this.name}": axis ${this.axis} must have a known length. Received shape ${showShape(inputShape)}`,
      );
    }
    const groups = this.groups === -1 ? channels : this.groups;
    if (channels % groups !== 0) {
      throw new ShapeError(
        `Layer "${this.name}": the number of channels (${channels}) must be a multiple of the number of groups (${groups}).`,
      );
    }
    this.groups = groups;
    this.inputSpec = new InputSpec({ ndim: inputShape.length, axes: { [this.axis]: channels } });
    this.addGammaAndBeta([channels], this.scale, this.center);
  }

  override call(inputs: Tensor): Tensor {
    const [axis] = axesOf(this.axis, inputs.shape, `Layer "${this.name}"`) as [number];
    const each = inputs.shape[axis]! / this.groups;
    const x = toPrecise(inputs).reshape(inputs.shape.toSpliced(axis, 1, this.groups, each));
    const axes = x.shape.map((_, d) => d).filter((d) => d !== 0 && d !== axis);
    const [mean, variance] = moments(x, axes, { keepdims: true });
    const wide = x.shape.map((n, d) => (d === axis || d === axis + 1 ? n : 1));
    const inverse = rsqrt(add(variance, this.epsilon));
    const weight = (w: Tensor): Tensor => w.astype(x.dtype).reshape(wide);
    const scaled = multiply(
      subtract(x, mean),
      this.gamma === undefined ? inverse : multiply(inverse, weight(this.gamma.value)),
    );
    const shifted = this.beta === undefined ? scaled : add(scaled, weight(this.beta.value));
    return this.finish(shifted.reshape(inputs.shape));
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    axesOf(this.axis, inputShape, `Layer "${this.name}"`);
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), groups: this.groups, axis: this.axis, ...this.affineConfig() };
  }
}
