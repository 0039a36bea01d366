/** How often the likeliest class is the label's. */
import { argmax, checkOptions, equal, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type Direction, type MetricOptions, metricOptions } from "./metric.ts";

/**
 * 1 where the largest prediction stands at the label's place, else 0.
 *
 * Input: targets `(batch, …)`, the numbers of the classes; predictions `(batch, …, classes)`. Output: `(batch, …)`, 1
 * for what is right.
 *
 * @param yTrue class numbers; a last axis of length 1 is left out
 * @param yPred probabilities or logits, along the last axis
 *
 * @example
 * ```ts
 * metrics.sparseCategoricalAccuracy([1, 0], [[0.25, 0.75], [0.25, 0.75]]).arraySync(); // → [1, 0]
 * ```
 */
export function sparseCategoricalAccuracy(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const y = toTensor(yPred);
  let t = toTensor(yTrue);
  if (t.ndim === y.ndim && t.shape[t.ndim - 1] === 1) t = t.reshape(t.shape.slice(0, -1));
  return equal(t, argmax(y, -1).astype(t.dtype)).astype(floatx());
}

/**
 * How often the likeliest class is right, for labels that are class numbers.
 *
 * Input: targets `(batch, …)`, the numbers of the classes; predictions `(batch, …, classes)`. Output: a number.
 *
 * @param options `name` (default `"sparse_categorical_accuracy"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.SparseCategoricalAccuracy();
 * metric.updateState([1, 0], [[0.25, 0.75], [0.25, 0.75]]);
 * metric.result().item(); // → 0.5
 * ```
 */
export class SparseCategoricalAccuracy extends MeanMetricWrapper {
  static override readonly className: string = "SparseCategoricalAccuracy";
  override readonly direction: Direction = "up";

  constructor(options: MetricOptions = {}) {
    checkOptions("SparseCategoricalAccuracy", options, metricOptions);
    super(sparseCategoricalAccuracy, { name: "sparse_categorical_accuracy", ...options });
  }
}
