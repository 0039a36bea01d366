/** How often the label's class is among the likeliest. */
import { any, checkOptions, equal, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import { expandDims, squeeze } from "../ops/numpy_shape.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type Direction, type MetricOptions, metricOptions } from "./metric.ts";
import { inTopK } from "./top_k.ts";

interface FunctionOptions {
  /** How many classes count as likeliest. Default 5. */
  readonly k?: number;
  /** Whether predictions are class numbers, the likeliest first, in place of probabilities. Default false. */
  readonly fromSortedIds?: boolean;
}

/** Options of {@link SparseTopKCategoricalAccuracy}. */
export interface SparseTopKCategoricalAccuracyOptions extends MetricOptions, FunctionOptions {}

/**
 * 1 where the label's class is among the k largest predictions, else 0.
 *
 * Input: targets `(batch, …)`, the numbers of the classes; predictions `(batch, …, classes)`. Output: `(batch, …)`, 1
 * for what is right.
 *
 * @param yTrue class numbers; a last axis of length 1 is left out
 * @param yPred probabilities or logits, along the last axis
 * @param options `k` (default 5), `fromSortedIds` (default false)
 *
 * @example
 * ```ts
 * metrics.sparseTopKCategoricalAccuracy([2, 1], [[0.5, 0.25, 0.25], [0.5, 0.25, 0.25]], { k: 2 }).arraySync(); // → [0, 1]
 * ```
 */
export function sparseTopKCategoricalAccuracy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: FunctionOptions = {},
): Tensor {
  checkOptions("sparseTopKCategoricalAccuracy", options, ["k", "fromSortedIds"]);
  const { k = 5, fromSortedIds = false } = options;
  const y = toTensor(yPred);
  let t = toTensor(yTrue, fromSortedIds ? y.dtype : "int32");
  if (t.ndim === y.ndim && t.shape[t.ndim - 1] === 1) t = squeeze(t, { axis: -1 });
  const matches = fromSortedIds ? any(equal(expandDims(t, -1), y.at("...", [0, k])), -1) : inTopK(t, y, k);
  return matches.astype(floatx());
}

/**
 * How often the right class is among the k likeliest, for labels that are class numbers.
 *
 * Input: targets `(batch, …)`, the numbers of the classes; predictions `(batch, …, classes)`. Output: a number.
 *
 * @param options `k` (default 5), `fromSortedIds` (default false), `name` (default
 *   `"sparse_top_k_categorical_accuracy"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.SparseTopKCategoricalAccuracy({ k: 1 });
 * metric.updateState([2, 1], [[0.1, 0.9, 0.8], [0.05, 0.95, 0]]);
 * metric.result().item(); // → 0.5
 * ```
 */
export class SparseTopKCategoricalAccuracy extends MeanMetricWrapper<FunctionOptions> {
  static override readonly className: string = "SparseTopKCategoricalAccuracy";
  override readonly direction: Direction = "up";

  constructor(options: SparseTopKCategoricalAccuracyOptions = {}) {
    checkOptions("SparseTopKCategoricalAccuracy", options, [...metricOptions, "k", "fromSortedIds"]);
    // Keras writes fromSortedIds into the config only where it is true.
    const { fromSortedIds = false, ...rest } = options;
    super(sparseTopKCategoricalAccuracy, {
      name: "sparse_top_k_categorical_accuracy",
      k: 5,
      ...rest,
      ...(fromSortedIds && { fromSortedIds }),
    });
  }
}
