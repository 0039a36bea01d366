/** The mean absolute error. */
import { checkOptions } from "../../engine/index.ts";
import { meanAbsoluteError } from "../losses/mean_absolute_error.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";

/**
 * The mean absolute error: the mean over samples of `losses.meanAbsoluteError`.
 *
 * @param options `name` (default `"mean_absolute_error"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.MeanAbsoluteError();
 * metric.updateState([[0, 0]], [[3, -1]]);
 * metric.result().item(); // → 2
 * ```
 */
export class MeanAbsoluteError extends MeanMetricWrapper {
  static override readonly className: string = "MeanAbsoluteError";

  constructor(options: MetricOptions = {}) {
    checkOptions("MeanAbsoluteError", options, metricOptions);
    super(meanAbsoluteError, { name: "mean_absolute_error", ...options });
  }
}
