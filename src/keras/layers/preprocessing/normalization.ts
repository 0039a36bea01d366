/** Numbers with mean 0 and variance 1. */
import {
  broadcastTo,
  maximum,
  normalizeAxis,
  ShapeError,
  StateError,
  show,
  showShape,
  sqrt,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../../engine/index.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";
import type { Variable } from "../../backend/variable.ts";
import { epsilon } from "../../config/config.ts";
import type { Config } from "../../saving/config.ts";
import { Layer } from "../layer.ts";
import { baseOptions, type LayerOptions } from "../layer_options.ts";
import { type AdaptData, batchesOf } from "./adapt_data.ts";

/** Options of {@link Normalization}. */
export interface NormalizationOptions extends LayerOptions {
  /** The axes that have a mean and a variance for each place; `null` for one of all. Default -1. */
  readonly axis?: number | readonly number[] | null;
  /** The mean, instead of that of the data; goes with `variance`. Default: what `adapt` finds. */
  readonly mean?: TensorLike | null;
  /** The variance, instead of that of the data; goes with `mean`. Default: what `adapt` finds. */
  readonly variance?: TensorLike | null;
  /** Whether the layer goes back from normalized numbers. Default false. */
  readonly invert?: boolean;
}

/**
 * Shifts and scales numbers: `(x - mean) / √variance`, with mean and variance given, or found in data by `adapt`.
 *
 * Weights, unless mean and variance are given: `mean`, `variance`, `count`, none trainable.
 *
 * Input: any shape. Output: the same shape.
 *
 * @throws ValueError when only one of `mean` and `variance` is given; ShapeError when an axis has no known length
 *
 * @example
 * ```ts
 * const layer = new Normalization();
 * layer.adapt([[1, 10], [3, 30]]);
 * layer([[2, 10]]).arraySync(); // → [[0, -1]]
 * ```
 */
export class Normalization extends Layer {
  static readonly className: string = "Normalization";
  readonly axis: readonly number[];
  readonly invert: boolean;
  readonly inputMean: TensorLike | null;
  readonly inputVariance: TensorLike | null;
  adaptMean: Variable | undefined;
  adaptVariance: Variable | undefined;
  count: Variable | undefined;
  #shape: KerasShape = [];
  #keep: readonly number[] = [];

  /** @param options `axis` (default -1), `mean`, `variance`, `invert` (default false), and those of every layer */
  constructor(options: NormalizationOptions = {}) {
    super(baseOptions("Normalization", options, ["axis", "mean", "variance", "invert"]));
    const { axis = -1, mean = null, variance = null } = options;
    this.axis = axis === null ? [] : typeof axis === "number" ? [axis] : [...axis];
    this.invert = options.invert ?? false;
    if ((mean === null) !== (variance === null)) {
      throw new ValueError(
        `Normalization: expected both mean and variance, or neither. Received: mean=${show(mean)}, variance=${show(variance)}`,
      );
    }
    this.inputMean = mean;
    this.inputVariance = variance;
    this.supportsMasking = true;
  }

  override build(inputShape: KerasShape): void {
    const keep = this.axis.map((a) => normalizeAxis(a, inputShape.length, `Layer "${this.name}"`));
    for (const d of keep) {
      if (inputShape[d] !== null) continue;
      throw new ShapeError(
        `Layer "${this.name}": every axis that is kept must have a known length. ` +
          `Received: axis=${show(this.axis)}, input shape ${showShape(inputShape)}`,
      );
    }
    this.#keep = [...keep].sort((a, b) => a - b);
    this.#shape = inputShape;
    if (this.inputMean !== null) return;
    const shape = this.#keep.map((d) => inputShape[d]!);
    this.adaptMean = this.addWeight({ name: "mean", shape, initializer: "zeros", trainable: false });
    this.adaptVariance = this.addWeight({ name: "variance", shape, initializer: "ones", trainable: false });
    this.count = this.addWeight({ name: "count", dtype: "int32", initializer: "zeros", trainable: false });
  }

  /**
   * Finds mean and variance.
   *
   * @param data an array, or batches from a list or a generator
   * @throws ShapeError when shapes do not fit those with which the layer was built
   */
  adapt(data: AdaptData): void {
    let mean: Tensor | undefined;
    let variance: Tensor | undefined;
    let total = 0;
    for (const given of batchesOf(data)) {
      const batch = given.astype(this.computeDtype);
      if (!this.built) this.build(batch.shape.map((n, d) => (d === 0 && !this.axis.includes(0) ? null : n)));
      if (this.#keep.some((d) => batch.shape[d] !== this.#shape[d])) {
        throw new ShapeError(
          `Layer "${this.name}": built with shape ${showShape(this.#shape)}, but adapt received data of shape ${showShape(batch.shape)}`,
        );
      }
      const reduced = batch.shape.map((_, d) => d).filter((d) => !this.#keep.includes(d));
      const count = reduced.reduce((n, d) => n * batch.shape[d]!, 1);
      const batchMean = batch.mean(reduced);
      const centred = batch.subtract(batch.mean(reduced, { keepdims: true }));
      const batchVariance = centred.multiply(centred).mean(reduced);
      total += count;
      if (mean === undefined || variance === undefined) {
        [mean, variance] = [batchMean, batchVariance];
        continue;
      }
      const weight = count / total;
      const newMean: Tensor = mean.multiply(1 - weight).add(batchMean.multiply(weight));
      const square = (x: Tensor): Tensor => x.multiply(x);
      variance = variance
        .add(square(mean.subtract(newMean)))
        .multiply(1 - weight)
        .add(batchVariance.add(square(batchMean.subtract(newMean))).multiply(weight));
      mean = newMean;
    }
    if (mean === undefined || variance === undefined) {
      throw new ValueError(`Layer "${this.name}": adapt received no data.`);
    }
    if (this.adaptMean === undefined || this.adaptVariance === undefined) {
      throw new StateError(
        `Layer "${this.name}": mean and variance were given, so there is nothing to adapt.`,
      );
    }
    this.adaptMean.assign(mean);
    this.adaptVariance.assign(variance);
  }

  /** A statistic in a shape that broadcasts with the input. */
  #spread(value: TensorLike): Tensor {
    const lengths = this.#keep.map((d) => this.#shape[d]!);
    const shape = this.#shape.map((n, d) => (this.#keep.includes(d) ? n! : 1));
    const t = toTensor(value, this.computeDtype);
    return (t.ndim > lengths.length ? t : broadcastTo(t, lengths)).reshape(shape);
  }

  override call(given: Tensor): Tensor {
    const x = given.astype(this.computeDtype);
    const mean = this.#spread(this.inputMean ?? this.adaptMean!.value);
    const variance = this.#spread(this.inputVariance ?? this.adaptVariance!.value);
    const deviation = maximum(sqrt(variance), epsilon());
    return this.invert ? mean.add(x.multiply(deviation)) : x.subtract(mean).divide(deviation);
  }

  override computeOutputShape(inputShape: KerasShape): KerasShape {
    return inputShape;
  }

  override getConfig(): Config {
    const numbers = (x: TensorLike | null): unknown => (x === null ? null : toTensor(x).arraySync());
    return {
      ...super.getConfig(),
      axis: this.axis,
      invert: this.invert,
      mean: numbers(this.inputMean),
      variance: numbers(this.inputVariance),
    };
  }
}
