/** Normalization over the batch. */
import {
  add,
  divide,
  maximum,
  minimum,
  multiply,
  ShapeError,
  show,
  showShape,
  sqrt,
  stopGradient,
  subtract,
  sum,
  type Tensor,
  UnsupportedError,
  ValueError,
  where,
} from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import { epsilon as fuzz } from "../../config/config.ts";
import * as initializers from "../../initializers/index.ts";
import { toPrecise } from "../../ops/convert.ts";
import { moments } from "../../ops/nn_losses.ts";
import { batchNormalization } from "../../ops/nn_normalization.ts";
import { clip } from "../../ops/numpy_elementwise.ts";
import type { Config } from "../../saving/config.ts";
import type { CallArguments } from "../call_inputs.ts";
import { InputSpec } from "../input_spec.ts";
import { axesOf, BaseNormalization, type BaseNormalizationOptions, checkAxis } from "./base_normalization.ts";

/** Bounds of the corrections of batch renormalization; without one there is no bound. */
export interface RenormClipping {
  readonly rmin?: number;
  readonly rmax?: number;
  readonly dmax?: number;
}

/** Options of {@link BatchNormalization}. */
export interface BatchNormalizationOptions extends BaseNormalizationOptions {
  /** The axis of channels. Default -1. */
  readonly axis?: number;
  /** How much of the moving averages stays at each step. Default 0.99. */
  readonly momentum?: number;
  /** What the moving mean begins with. Default `"zeros"`. */
  readonly movingMeanInitializer?: initializers.InitializerIdentifier;
  /** What the moving variance begins with. Default `"ones"`. */
  readonly movingVarianceInitializer?: initializers.InitializerIdentifier;
  /** Whether training, too, corrects towards moving averages (batch renormalization, Ioffe, 2017). Default false. */
  readonly renorm?: boolean;
  /** Bounds of the corrections of `renorm`. Default none. */
  readonly renormClipping?: RenormClipping | null;
  /** The momentum of the moving averages of `renorm`. Default 0.99. */
  readonly renormMomentum?: number;
  /**
   * Whether replicas of the model share their statistics; there are none, so that it can only be false. Default
   * false.
   */
  readonly synchronized?: boolean;
}

const optionNames = [
  ...["axis", "momentum", "movingMeanInitializer", "movingVarianceInitializer"],
  ...["renorm", "renormClipping", "renormMomentum", "synchronized"],
];

/**
 * Batch normalization: `(x - mean) / √(variance + epsilon) · gamma + beta`, for each channel (Ioffe and Szegedy, 2015).
 *
 * While training, mean and variance are those of the batch, and moving averages of them are kept. Otherwise, and when the
 * layer is not trainable, the moving averages are used. With a mask `(batch, …)` only the steps count where it is true.
 *
 * Input: any shape with an axis of channels. Output: the same. Weights, one number for each channel: `gamma`, `beta`,
 * `movingMean`, `movingVariance`; with `renorm` also `movingStddev`, `renormMean`, `renormStddev`.
 *
 * @throws UnsupportedError for `synchronized: true`; ShapeError for a mask that does not fit
 *
 * @example
 * ```ts
 * const layer = new BatchNormalization({ epsilon: 0, momentum: 0.5 });
 * layer([[1], [3]], { training: true }).arraySync(); // → [[-1], [1]]
 * layer.movingMean?.value.arraySync(); // → [1]
 * ```
 */
export class BatchNormalization extends BaseNormalization {
  static readonly className: string = "BatchNormalization";
  readonly axis: number;
  readonly momentum: number;
  readonly movingMeanInitializer: initializers.InitializerFunction;
  readonly movingVarianceInitializer: initializers.InitializerFunction;
  readonly renorm: boolean;
  readonly renormClipping: RenormClipping | null;
  readonly renormMomentum: number;
  readonly synchronized: boolean;
  /** The moving averages; there once the layer is built. */
  movingMean: Variable | undefined;
  /** The running mean of the variances. */
  movingVariance: Variable | undefined;
  movingStddev: Variable | undefined;
  renormMean: Variable | undefined;
  renormStddev: Variable | undefined;

  /**
   * @param options `axis` (default -1), `momentum` (default 0.99), `epsilon` (default 0.001), `center` (default true),
   *   `scale` (default true), `renorm` (default false), `renormClipping`, `renormMomentum` (default 0.99), initializers of
   *   all weights, regularizers and constraints of `beta` and `gamma`, and those of every layer
   */
  constructor(options: BatchNormalizationOptions = {}) {
    super("BatchNormalization", options, optionNames);
    this.axis = checkAxis(options.axis ?? -1, "BatchNormalization");
    if (options.synchronized === true) {
      throw new UnsupportedError(
        "BatchNormalization: synchronized=true is not supported: a batch is never divided among devices.",
      );
    }
    this.synchronized = false;
    this.momentum = options.momentum ?? 0.99;
    this.movingMeanInitializer = initializers.get(options.movingMeanInitializer ?? "zeros");
    this.movingVarianceInitializer = initializers.get(options.movingVarianceInitializer ?? "ones");
    this.renorm = options.renorm ?? false;
    const clipping = options.renormClipping ?? null;
    this.renormClipping = this.renorm ? checkClipping(clipping ?? {}) : clipping;
    this.renormMomentum = options.renormMomentum ?? 0.99;
  }

  override build(inputShape: KerasShape): void {
    const [axis] = axesOf(this.axis, inputShape, `Layer "${this.name}"`) as [number];
    const channels = inputShape[axis] ?? null;
    this.addGammaAndBeta([channels], this.scale, this.center);
    const state = (name: string, initializer: initializers.InitializerFunction): Variable =>
      this.addWeight({ name, shape: [channels], initializer, trainable: false, autocast: false });
    const stddev: initializers.InitializerFunction = (shape, options) =>
      sqrt(this.movingVarianceInitializer(shape, options));
    this.movingMean = state("moving_mean", this.movingMeanInitializer);
    this.movingVariance = state("moving_variance", this.movingVarianceInitializer);
    if (this.renorm) {
      this.movingStddev = state("moving_stddev", stddev);
      this.renormMean = state("renorm_mean", this.movingMeanInitializer);
      this.renormStddev = state("renorm_stddev", stddev);
    }
    this.inputSpec = new InputSpec({ ndim: inputShape.length, axes: { [this.axis]: channels } });
  }

  protected override get notesMask(): boolean {
    return true;
  }

  override call(inputs: Tensor, { training, mask }: CallArguments): Tensor {
    const x = toPrecise(inputs);
    const given = mask as Tensor | undefined;
    if (given !== undefined && given.ndim !== x.ndim - 1) {
      throw new ShapeError(
        `Layer "${this.name}": expected a mask of one dimension less than the input. ` +
          `Received: mask ${showShape(given.shape)}, input ${showShape(x.shape)}`,
      );
    }
    const { axis, epsilon } = this;
    let scale: Tensor | null = this.gamma?.value ?? null;
    let offset: Tensor | null = this.beta?.value ?? null;
    let [mean, variance] = [this.movingMean!.value, this.movingVariance!.value];
    if (training && this.trainable) {
      [mean, variance] = this.#moments(x, given);
      if (this.renorm) {
        const [r, d] = this.#corrections(mean, variance);
        // (x · r + d) · gamma + beta, written as one scale and one offset.
        const shift = scale === null ? d : multiply(d, scale);
        scale = scale === null ? r : multiply(r, scale);
        offset = offset === null ? shift : add(shift, offset);
        this.#updateRenorm(mean, variance);
      } else {
        update(this.movingMean!, mean, this.momentum);
        update(this.movingVariance!, variance, this.momentum);
      }
    }
    return this.finish(batchNormalization(x, mean, variance, axis, { scale, offset, epsilon }));
  }

  /** Mean and variance of a batch; with a mask, of what it leaves. */
  #moments(x: Tensor, mask: Tensor | undefined): [Tensor, Tensor] {
    const [channels] = axesOf(this.axis, x.shape, `Layer "${this.name}"`);
    const axes = x.shape.map((_, d) => d).filter((d) => d !== channels);
    if (mask === undefined) return moments(x, axes);
    const wide = mask.astype("bool").reshape([...mask.shape, 1]);
    const ones = where(wide, x.multiply(0).add(1), 0);
    const count = add(sum(ones, axes), fuzz());
    const mean = divide(sum(where(wide, x, 0), axes), count);
    const shape = x.shape.map((n, d) => (d === channels ? n : 1));
    const distance = where(wide, subtract(x, mean.reshape(shape)), 0);
    return [mean, divide(sum(multiply(distance, distance), axes), count)];
  }

  /** The corrections r and d towards the moving averages. */
  #corrections(mean: Tensor, variance: Tensor): [Tensor, Tensor] {
    const stddev = sqrt(add(variance, this.epsilon));
    // Not less than √ε, which matters early in training.
    const moving = maximum(this.renormStddev!.value, Math.sqrt(this.epsilon));
    let r = divide(stddev, moving);
    let d = divide(subtract(mean, this.renormMean!.value), moving);
    const { rmin, rmax, dmax } = this.renormClipping!;
    if (rmin !== undefined) r = maximum(r, rmin);
    if (rmax !== undefined) r = minimum(r, rmax);
    if (dmax !== undefined) d = clip(d, -dmax, dmax);
    return [stopGradient(r), stopGradient(d)];
  }

  #updateRenorm(mean: Tensor, variance: Tensor): void {
    const stddev = sqrt(add(variance, this.epsilon));
    update(this.renormMean!, mean, this.renormMomentum);
    update(this.renormStddev!, stddev, this.renormMomentum);
    update(this.movingMean!, mean, this.momentum);
    const moving = update(this.movingStddev!, stddev, this.momentum);
    // Rounding could make it negative.
    this.movingVariance!.assign(maximum(subtract(multiply(moving, moving), this.epsilon), 0));
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    axesOf(this.axis, inputShape, `Layer "${this.name}"`);
    return inputShape;
  }

  override getConfig(): Config {
    const serialize = (initializer: initializers.InitializerFunction): unknown =>
      initializers.serialize(initializer as initializers.Initializer);
    return {
      ...super.getConfig(),
      axis: this.axis,
      momentum: this.momentum,
      ...this.affineConfig(),
      moving_mean_initializer: serialize(this.movingMeanInitializer),
      moving_variance_initializer: serialize(this.movingVarianceInitializer),
      synchronized: this.synchronized,
      renorm: this.renorm,
      renorm_clipping: this.renormClipping,
      renorm_momentum: this.renormMomentum,
    };
  }
}

/** Moves a moving average towards a value, and gives the new average. */
function update(average: Variable, value: Tensor, momentum: number): Tensor {
  const next = add(multiply(average.value, momentum), multiply(value.astype(average.dtype), 1 - momentum));
  average.assign(next);
  return next;
}

function checkClipping(clipping: RenormClipping): RenormClipping {
  const unknown = Object.keys(clipping).filter((key) => !["rmin", "rmax", "dmax"].includes(key));
  const { rmin, rmax, dmax } = clipping;
  const turned = rmin !== undefined && rmax !== undefined && rmax < rmin;
  if (unknown.length === 0 && !turned && !(dmax !== undefined && dmax < 0)) return clipping;
  throw new ValueError(
    "BatchNormalization: renormClipping takes rmin, rmax (not less than rmin) and dmax (not negative). " +
      `Received: ${show(clipping)}`,
  );
}
