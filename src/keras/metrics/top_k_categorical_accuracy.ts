/** How often the class of a one-hot label is among the likeliest. */
import { argmax, checkOptions, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type Direction, type MetricOptions, metricOptions } from "./metric.ts";
import { inTopK } from "./top_k.ts";

interface FunctionOptions {
  /** How many classes count as likeliest. Default 5. */
  readonly k?: number;
}

/** Options of {@link TopKCategoricalAccuracy}. */
export interface TopKCategoricalAccuracyOptions extends MetricOptions, FunctionOptions {}

/**
 * 1 where the label's class is among the k largest predictions, else 0.
 *
 * Input: targets and predictions `(batch, …, classes)`. Output: `(batch, …)`, 1 for what is right.
 *
 * @param yTrue one-hot labels, along the last axis
 * @param yPred probabilities or logits, along the last axis
 * @param options `k` (default 5)
 *
 * @example
 * ```ts
 * metrics.topKCategoricalAccuracy([[0, 0, 1]], [[0.5, 0.25, 0.25]], { k: 2 }).arraySync(); // → [0]
 * ```
 */
export function topKCategoricalAccuracy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: FunctionOptions = {},
): Tensor {
  checkOptions("topKCategoricalAccuracy", options, ["k"]);
  return inTopK(argmax(yTrue, -1), toTensor(yPred), options.k ?? 5).astype(floatx());
}

/**
 * How often the right class is among the k likeliest, for one-hot labels.
 *
 * Input: targets `(batch, …, classes)`, 1 for the right class; predictions of the same shape. Output: a number.
 *
 * @param options `k` (default 5), `name` (default `"top_k_categorical_accuracy"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.TopKCategoricalAccuracy({ k: 1 });
 * metric.updateState([[0, 0, 1], [0, 1, 0]], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]]);
 * metric.result().item(); // → 0.5
 * ```
 */
export class TopKCategoricalAccuracy extends MeanMetricWrapper<FunctionOptions> {
  static override readonly className: string = "TopKCategoricalAccuracy";
  override readonly direction: Direction = "up";

  constructor(options: TopKCategoricalAccuracyOptions = {}) {
    checkOptions("TopKCategoricalAccuracy", options, [...metricOptions, "k"]);
    super(topKCategoricalAccuracy, { name: "top_k_categorical_accuracy", k: 5, ...options });
  }
}
