/** The categorical hinge loss as a metric. */
import { checkOptions } from "../../engine/index.ts";
import { categoricalHinge } from "../losses/categorical_hinge.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";

/**
 * The categorical hinge loss as a metric: the mean over samples of `losses.categoricalHinge`.
 *
 * @param options `name` (default `"categorical_hinge"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.CategoricalHinge();
 * metric.updateState([[0, 1]], [[0.5, 0.5]]);
 * metric.result().item(); // → 1
 * ```
 */
export class CategoricalHinge extends MeanMetricWrapper {
  static override readonly className: string = "CategoricalHinge";

  constructor(options: MetricOptions = {}) {
    checkOptions("CategoricalHinge", options, metricOptions);
    super(categoricalHinge, { name: "categorical_hinge", ...options });
  }
}
