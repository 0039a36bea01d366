/** The mean of values. */
import { checkOptions, type TensorLike } from "../../engine/index.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";
import { RunningMean } from "./running_mean.ts";
import type { UpdateOptions } from "./samplewise.ts";

/**
 * The weighted mean of values.
 *
 * Input: values of any shape. Output: a number.
 *
 * @param options `name` (default `"mean"`), `dtype`
 *
 * @example
 * ```ts
 * const mean = new metrics.Mean();
 * mean.updateState([1, 3, 5, 7]);
 * mean.result().item(); // → 4
 * ```
 */
export class Mean extends RunningMean {
  static override readonly className: string = "Mean";

  constructor(options: MetricOptions = {}) {
    checkOptions("Mean", options, metricOptions);
    super({ name: "mean", ...options });
  }

  /**
   * Adds values.
   *
   * @param options `sampleWeight`
   */
  override updateState(values: TensorLike, options: UpdateOptions = {}): void {
    checkOptions(this.name, options, ["sampleWeight"]);
    this.include(values, options.sampleWeight);
  }
}
