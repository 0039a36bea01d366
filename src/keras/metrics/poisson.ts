/** The Poisson loss as a metric. */
import { checkOptions } from "../../engine/index.ts";
import { poisson } from "../losses/poisson.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";

/**
 * The Poisson loss as a metric: the mean over samples of `losses.poisson`.
 *
 * @param options `name` (default `"poisson"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.Poisson();
 * metric.updateState([[0, 0]], [[1, 3]]);
 * metric.result().item(); // → 2
 * ```
 */
export class Poisson extends MeanMetricWrapper {
  static override readonly className: string = "Poisson";

  constructor(options: MetricOptions = {}) {
    checkOptions("Poisson", options, metricOptions);
    super(poisson, { name: "poisson", ...options });
  }
}
