/** The Kullback-Leibler divergence. */
import { checkOptions } from "../../engine/index.ts";
import { klDivergence } from "../losses/kl_divergence.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";

/**
 * The Kullback-Leibler divergence: the mean over samples of `losses.klDivergence`.
 *
 * @param options `name` (default `"kl_divergence"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.KLDivergence();
 * metric.updateState([[0.5, 0.5]], [[0.5, 0.5]]);
 * metric.result().item(); // → 0
 * ```
 */
export class KLDivergence extends MeanMetricWrapper {
  static override readonly className: string = "KLDivergence";

  constructor(options: MetricOptions = {}) {
    checkOptions("KLDivergence", options, metricOptions);
    super(klDivergence, { name: "kl_divergence", ...options });
  }
}
