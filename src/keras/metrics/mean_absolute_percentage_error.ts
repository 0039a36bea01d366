/** The mean absolute percentage error. */
import { checkOptions } from "../../engine/index.ts";
import { meanAbsolutePercentageError } from "../losses/mean_absolute_percentage_error.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";

/**
 * The mean absolute percentage error: the mean over samples of `losses.meanAbsolutePercentageError`.
 *
 * @param options `name` (default `"mean_absolute_percentage_error"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.MeanAbsolutePercentageError();
 * metric.updateState([[2, 4]], [[1, 4]]);
 * metric.result().item(); // → 25
 * ```
 */
export class MeanAbsolutePercentageError extends MeanMetricWrapper {
  static override readonly className: string = "MeanAbsolutePercentageError";

  constructor(options: MetricOptions = {}) {
    checkOptions("MeanAbsolutePercentageError", options, metricOptions);
    super(meanAbsolutePercentageError, { name: "mean_absolute_percentage_error", ...options });
  }
}
