/** How often predictions equal labels. */
import { checkOptions, equal, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import { squeezeOrExpandToSameRank } from "../losses/operands.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type Direction, type MetricOptions, metricOptions } from "./metric.ts";

/** 1 where a prediction equals the label, else 0. */
function accuracy(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const y = toTensor(yPred);
  const [t, p] = squeezeOrExpandToSameRank(toTensor(yTrue, y.dtype), y);
  return equal(t, p).astype(floatx());
}

/**
 * How often predictions equal labels, as numbers. For probabilities there are `BinaryAccuracy`, `CategoricalAccuracy` and
 * `SparseCategoricalAccuracy`; `compile` finds the right one by itself for `"accuracy"`.
 *
 * Input: targets and predictions of one shape. Output: a number.
 *
 * @param options `name` (default `"accuracy"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.Accuracy();
 * metric.updateState([[1], [2], [3], [4]], [[0], [2], [3], [4]]);
 * metric.result().item(); // → 0.75
 * ```
 */
export class Accuracy extends MeanMetricWrapper {
  static override readonly className: string = "Accuracy";
  override readonly direction: Direction = "up";

  constructor(options: MetricOptions = {}) {
    checkOptions("Accuracy", options, metricOptions);
    super(accuracy, { name: "accuracy", ...options });
  }
}
