/** A metric made of a function. */
import { checkOptions, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { getKerasMask } from "../backend/masking.ts";
import { functionName } from "../losses/function_names.ts";
import { applyMask } from "../losses/reduction.ts";
import { type Config, fromConfig, toConfig } from "../saving/config.ts";
import type { Direction, MetricOptions } from "./metric.ts";
import { RunningMean } from "./running_mean.ts";
import type { UpdateOptions } from "./samplewise.ts";

/** The value of each sample, as a function of labels and predictions. */
export type MetricFunction = (yTrue: Tensor, yPred: Tensor) => Tensor;

/** A metric function that has options. */
export type MetricFunctionWithOptions<O extends object | undefined> = (
  yTrue: Tensor,
  yPred: Tensor,
  options: O,
) => Tensor;

/**
 * The weighted mean over samples of what a function gives. Options that metrics do not have are given to the function.
 *
 * @example
 * ```ts
 * const metric = new metrics.MeanMetricWrapper(losses.huber, { name: "small", delta: 0.5 });
 * metric.updateState([[0]], [[2]]);
 * metric.result().item(); // → 0.875
 * ```
 */
export class MeanMetricWrapper<O extends object | undefined = object> extends RunningMean {
  static override readonly className: string = "MeanMetricWrapper";
  override readonly direction: Direction | undefined;
  readonly fn: MetricFunctionWithOptions<O>;
  readonly #fnOptions: NonNullable<O>;

  /**
   * @param fn takes labels, predictions and its options, and gives the value of each sample
   * @param options those of {@link Metric}, and those of the function
   */
  constructor(fn: MetricFunctionWithOptions<O>, options: MetricOptions & Partial<NonNullable<O>> = {}) {
    const { name, dtype, ...fnOptions } = options;
    super({ ...(name !== undefined && { name }), ...(dtype !== undefined && { dtype }) });
    this.fn = fn;
    this.#fnOptions = fnOptions as unknown as NonNullable<O>;
    this.direction = functionName(fn) === undefined ? undefined : "down";
  }

  /**
   * Adds a batch.
   *
   * @param options `sampleWeight`
   */
  override updateState(yTrue: TensorLike, yPred: TensorLike, options: UpdateOptions = {}): void {
    checkOptions(this.name, options, ["sampleWeight"]);
    const predictions = toTensor(yPred);
    const values = this.fn(toTensor(yTrue), predictions, this.#fnOptions);
    const mask = getKerasMask(predictions);
    this.include(values, applyMask(options.sampleWeight, mask, { dtype: this.dtype, reduction: "sum" }));
  }

  /** The options; a plain wrapper's has the function itself as `fn`, which `metrics.serialize` writes as its name. */
  override getConfig(): Config {
    const plain = Object.getPrototypeOf(this) === MeanMetricWrapper.prototype;
    return { ...super.getConfig(), ...(plain && { fn: this.fn }), ...toConfig(this.#fnOptions) };
  }

  static override fromConfig<T>(this: new (...args: never[]) => T, config: Config): T {
    const { fn, ...options } = fromConfig(config);
    return new this(...((fn === undefined ? [options] : [fn, options]) as never[]));
  }
}
