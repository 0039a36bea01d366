/** The mean squared logarithmic error. */
import { checkOptions } from "../../engine/index.ts";
import { meanSquaredLogarithmicError } from "../losses/mean_squared_logarithmic_error.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";

/**
 * The mean squared logarithmic error: the mean over samples of `losses.meanSquaredLogarithmicError`.
 *
 * @param options `name` (default `"mean_squared_logarithmic_error"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.MeanSquaredLogarithmicError();
 * metric.updateState([[3, 3]], [[3, 3]]);
 * metric.result().item(); // → 0
 * ```
 */
export class MeanSquaredLogarithmicError extends MeanMetricWrapper {
  static override readonly className: string = "MeanSquaredLogarithmicError";

  constructor(options: MetricOptions = {}) {
    checkOptions("MeanSquaredLogarithmicError", options, metricOptions);
    super(meanSquaredLogarithmicError, { name: "mean_squared_logarithmic_error", ...options });
  }
}
