/** The crossentropy of several classes, for labels that are class numbers. */
import { checkOptions } from "../../engine/index.ts";
import { sparseCategoricalCrossentropy } from "../losses/sparse_categorical_crossentropy.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";

interface FunctionOptions {
  /** Whether predictions are what goes into a softmax, not what comes out. Default false. */
  readonly fromLogits?: boolean;
  /** A class number whose samples have the value 0. Default null. */
  readonly ignoreClass?: number | null;
  /** The axis of classes. Default -1. */
  readonly axis?: number;
}

/** Options of {@link SparseCategoricalCrossentropy}. */
export interface SparseCategoricalCrossentropyOptions extends MetricOptions, FunctionOptions {}

/**
 * The crossentropy of several classes, for labels that are class numbers: the mean over samples of `losses.sparseCategoricalCrossentropy`.
 *
 * @param options `fromLogits` (default false), `ignoreClass` (default null), `axis` (default -1), `name`
 *   (default `"sparse_categorical_crossentropy"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.SparseCategoricalCrossentropy();
 * metric.updateState([1], [[0.5, 0.5]]);
 * metric.result().item(); // → 0.6931471824645996
 * ```
 */
export class SparseCategoricalCrossentropy extends MeanMetricWrapper<FunctionOptions> {
  static override readonly className: string = "SparseCategoricalCrossentropy";

  constructor(options: SparseCategoricalCrossentropyOptions = {}) {
    checkOptions("SparseCategoricalCrossentropy", options, [
      ...metricOptions,
      "fromLogits",
      "ignoreClass",
      "axis",
    ]);
    super(sparseCategoricalCrossentropy, {
      name: "sparse_categorical_crossentropy",
      fromLogits: false,
      ignoreClass: null,
      axis: -1,
      ...options,
    });
  }
}
