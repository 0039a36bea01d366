/** How often predictions of yes or no are right. */
import { checkOptions, equal, greater, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import { squeezeOrExpandToSameRank } from "../losses/operands.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type Direction, type MetricOptions, metricOptions } from "./metric.ts";

interface FunctionOptions {
  /** The probability above which a prediction means yes. Default 0.5. */
  readonly threshold?: number;
}

/** Options of {@link BinaryAccuracy}. */
export interface BinaryAccuracyOptions extends MetricOptions, FunctionOptions {}

/**
 * 1 where a probability is on the side of the threshold that the label says, else 0.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: `(batch, …)`.
 *
 * @param yTrue labels 0 and 1
 * @param yPred probabilities
 * @param options `threshold` (default 0.5)
 *
 * @example
 * ```ts
 * metrics.binaryAccuracy([1, 1, 0], [0.75, 0.25, 0.25]).arraySync(); // → [1, 0, 1]
 * ```
 */
export function binaryAccuracy(yTrue: TensorLike, yPred: TensorLike, options: FunctionOptions = {}): Tensor {
  checkOptions("binaryAccuracy", options, ["threshold"]);
  const [t, y] = squeezeOrExpandToSameRank(toTensor(yTrue), toTensor(yPred));
  return equal(t, greater(y, options.threshold ?? 0.5).astype(t.dtype)).astype(floatx());
}

/**
 * How often predictions of yes or no are right.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number.
 *
 * @param options `threshold` (default 0.5), `name` (default `"binary_accuracy"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.BinaryAccuracy();
 * metric.updateState([[1], [1], [0], [0]], [[0.75], [1], [0], [0.75]]);
 * metric.result().item(); // → 0.75
 * ```
 */
export class BinaryAccuracy extends MeanMetricWrapper<FunctionOptions> {
  static override readonly className: string = "BinaryAccuracy";
  override readonly direction: Direction = "up";

  constructor(options: BinaryAccuracyOptions = {}) {
    checkOptions("BinaryAccuracy", options, [...metricOptions, "threshold"]);
    super(binaryAccuracy, { name: "binary_accuracy", threshold: 0.5, ...options });
  }
}
