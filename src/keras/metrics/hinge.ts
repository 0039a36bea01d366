/** The hinge loss as a metric. */
import { checkOptions } from "../../engine/index.ts";
import { hinge } from "../losses/hinge.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";

/**
 * The hinge loss as a metric: the mean over samples of `losses.hinge`.
 *
 * @param options `name` (default `"hinge"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.Hinge();
 * metric.updateState([[-1, 1]], [[-1, 0.5]]);
 * metric.result().item(); // → 0.25
 * ```
 */
export class Hinge extends MeanMetricWrapper {
  static override readonly className: string = "Hinge";

  constructor(options: MetricOptions = {}) {
    checkOptions("Hinge", options, metricOptions);
    super(hinge, { name: "hinge", ...options });
  }
}
