/** How often the likeliest class is the one of a one-hot label. */
import { argmax, checkOptions, equal, type Tensor, type TensorLike } from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type Direction, type MetricOptions, metricOptions } from "./metric.ts";

/**
 * 1 where the largest prediction stands where the largest number of the label does, else 0.
 *
 * Input: targets and predictions `(batch, …, classes)`. Output: `(batch, …)`, 1 for what is right.
 *
 * @param yTrue one-hot labels, along the last axis
 * @param yPred probabilities or logits, along the last axis
 *
 * @example
 * ```ts
 * metrics.categoricalAccuracy([[0, 1], [1, 0]], [[0.25, 0.75], [0.25, 0.75]]).arraySync(); // → [1, 0]
 * ```
 */
export function categoricalAccuracy(yTrue: TensorLike, yPred: TensorLike): Tensor {
  return equal(argmax(yTrue, -1), argmax(yPred, -1)).astype(floatx());
}

/**
 * How often the likeliest class is right, for one-hot labels.
 *
 * Input: targets `(batch, …, classes)`, 1 for the right class; predictions of the same shape. Output: a number.
 *
 * @param options `name` (default `"categorical_accuracy"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.CategoricalAccuracy();
 * metric.updateState([[0, 1], [1, 0]], [[0.25, 0.75], [0.25, 0.75]]);
 * metric.result().item(); // → 0.5
 * ```
 */
export class CategoricalAccuracy extends MeanMetricWrapper {
  static override readonly className: string = "CategoricalAccuracy";
  override readonly direction: Direction = "up";

  constructor(options: MetricOptions = {}) {
    checkOptions("CategoricalAccuracy", options, metricOptions);
    super(categoricalAccuracy, { name: "categorical_accuracy", ...options });
  }
}
