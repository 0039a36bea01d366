/** The squared hinge loss as a metric. */
import { checkOptions } from "../../engine/index.ts";
import { squaredHinge } from "../losses/squared_hinge.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";

/**
 * The squared hinge loss as a metric: the mean over samples of `losses.squaredHinge`.
 *
 * @param options `name` (default `"squared_hinge"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.SquaredHinge();
 * metric.updateState([[-1, 1]], [[-1, 0.5]]);
 * metric.result().item(); // → 0.125
 * ```
 */
export class SquaredHinge extends MeanMetricWrapper {
  static override readonly className: string = "SquaredHinge";

  constructor(options: MetricOptions = {}) {
    checkOptions("SquaredHinge", options, metricOptions);
    super(squaredHinge, { name: "squared_hinge", ...options });
  }
}
