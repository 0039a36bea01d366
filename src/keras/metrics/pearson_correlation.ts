/** Pearson's correlation coefficient. */
import {
  checkOptions,
  divide,
  multiply,
  sqrt,
  subtract,
  type Tensor,
  type TensorLike,
} from "../../engine/index.ts";
import { aligned } from "../losses/operands.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type Direction, type MetricOptions, metricOptions } from "./metric.ts";

interface FunctionOptions {
  /** The axis of each series. Default -1. */
  readonly axis?: number;
}

/** Options of {@link PearsonCorrelation}. */
export interface PearsonCorrelationOptions extends MetricOptions, FunctionOptions {}

/** A series with mean 0 and standard deviation 1. */
function standardized(x: Tensor, axis: number): Tensor {
  const centered = subtract(x, x.mean(axis, { keepdims: true }));
  return divide(centered, sqrt(multiply(centered, centered).mean(axis, { keepdims: true })));
}

/**
 * Pearson's correlation of labels and predictions: the mean product of both, standardized.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: `(batch, …)`.
 *
 * @param options `axis` (default -1)
 *
 * @example
 * ```ts
 * metrics.pearsonCorrelation([[1, 2, 3]], [[2, 4, 6]]).item().toFixed(4); // → "1.0000"
 * ```
 */
export function pearsonCorrelation(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: FunctionOptions = {},
): Tensor {
  checkOptions("pearsonCorrelation", options, ["axis"]);
  const { axis = -1 } = options;
  const [t, y] = aligned(yTrue, yPred);
  return multiply(standardized(t, axis), standardized(y, axis)).mean(axis);
}

/**
 * Pearson's correlation of labels and predictions, from -1 to 1.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number.
 *
 * @param options `axis` (default -1), `name` (default `"pearson_correlation"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.PearsonCorrelation();
 * metric.updateState([[1, 2, 3]], [[2, 4, 6]]);
 * metric.result().item().toFixed(4); // → "1.0000"
 * ```
 */
export class PearsonCorrelation extends MeanMetricWrapper<FunctionOptions> {
  static override readonly className: string = "PearsonCorrelation";
  override readonly direction: Direction = "up";

  constructor(options: PearsonCorrelationOptions = {}) {
    checkOptions("PearsonCorrelation", options, [...metricOptions, "axis"]);
    super(pearsonCorrelation, { name: "pearson_correlation", axis: -1, ...options });
  }
}
