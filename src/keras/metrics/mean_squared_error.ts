/** The mean squared error. */
import { checkOptions } from "../../engine/index.ts";
import { meanSquaredError } from "../losses/mean_squared_error.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";

/**
 * The mean squared error: the mean over samples of `losses.meanSquaredError`.
 *
 * @param options `name` (default `"mean_squared_error"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.MeanSquaredError();
 * metric.updateState([[0, 0]], [[3, 3]]);
 * metric.result().item(); // → 9
 * ```
 */
export class MeanSquaredError extends MeanMetricWrapper {
  static override readonly className: string = "MeanSquaredError";

  constructor(options: MetricOptions = {}) {
    checkOptions("MeanSquaredError", options, metricOptions);
    super(meanSquaredError, { name: "mean_squared_error", ...options });
  }
}
