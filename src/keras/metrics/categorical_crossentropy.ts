/** The crossentropy of several classes, for one-hot labels. */
import { checkOptions } from "../../engine/index.ts";
import { categoricalCrossentropy } from "../losses/categorical_crossentropy.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";

interface FunctionOptions {
  /** Whether predictions are what goes into a softmax, not what comes out. Default false. */
  readonly fromLogits?: boolean;
  /** How far labels are drawn towards equal shares, from 0 to 1. Default 0. */
  readonly labelSmoothing?: number;
  /** The axis of classes. Default -1. */
  readonly axis?: number;
}

/** Options of {@link CategoricalCrossentropy}. */
export interface CategoricalCrossentropyOptions extends MetricOptions, FunctionOptions {}

/**
 * The crossentropy of several classes, for one-hot labels: the mean over samples of `losses.categoricalCrossentropy`.
 *
 * @param options `fromLogits` (default false), `labelSmoothing` (default 0), `axis` (default -1), `name`
 *   (default `"categorical_crossentropy"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.CategoricalCrossentropy();
 * metric.updateState([[0, 1]], [[0.5, 0.5]]);
 * metric.result().item(); // → 0.6931471824645996
 * ```
 */
export class CategoricalCrossentropy extends MeanMetricWrapper<FunctionOptions> {
  static override readonly className: string = "CategoricalCrossentropy";

  constructor(options: CategoricalCrossentropyOptions = {}) {
    checkOptions("CategoricalCrossentropy", options, [
      ...metricOptions,
      "fromLogits",
      "labelSmoothing",
      "axis",
    ]);
    super(categoricalCrossentropy, {
      name: "categorical_crossentropy",
      fromLogits: false,
      labelSmoothing: 0,
      axis: -1,
      ...options,
    });
  }
}
