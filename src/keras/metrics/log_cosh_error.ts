/** The mean logarithm of the hyperbolic cosine of the error. */
import { checkOptions } from "../../engine/index.ts";
import { logCosh } from "../losses/log_cosh.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";

/**
 * The mean logarithm of the hyperbolic cosine of the error: the mean over samples of `losses.logCosh`.
 *
 * @param options `name` (default `"logcosh"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.LogCoshError();
 * metric.updateState([[0, 0]], [[0, 0]]);
 * metric.result().item(); // → 0
 * ```
 */
export class LogCoshError extends MeanMetricWrapper {
  static override readonly className: string = "LogCoshError";

  constructor(options: MetricOptions = {}) {
    checkOptions("LogCoshError", options, metricOptions);
    super(logCosh, { name: "logcosh", ...options });
  }
}
