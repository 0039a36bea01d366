/** The concordance correlation coefficient. */
import {
  add,
  checkOptions,
  divide,
  multiply,
  subtract,
  type Tensor,
  type TensorLike,
} from "../../engine/index.ts";
import { epsilon } from "../config/config.ts";
import { aligned } from "../losses/operands.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type Direction, type MetricOptions, metricOptions } from "./metric.ts";

interface FunctionOptions {
  /** The axis of each series. Default -1. */
  readonly axis?: number;
}

/** Options of {@link ConcordanceCorrelation}. */
export interface ConcordanceCorrelationOptions extends MetricOptions, FunctionOptions {}

/**
 * The concordance correlation of labels and predictions (Lin, 1989): how near they are to being the same.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: `(batch, …)`.
 *
 * @param options `axis` (default -1)
 *
 * @example
 * ```ts
 * metrics.concordanceCorrelation([[1, 2, 3]], [[1, 2, 3]]).item().toFixed(4); // → "1.0000"
 * ```
 */
export function concordanceCorrelation(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: FunctionOptions = {},
): Tensor {
  checkOptions("concordanceCorrelation", options, ["axis"]);
  const { axis = -1 } = options;
  const [t, y] = aligned(yTrue, yPred);
  const mean = (x: Tensor): Tensor => x.mean(axis, { keepdims: true });
  const square = (x: Tensor): Tensor => multiply(x, x);
  const [tMean, yMean] = [mean(t), mean(y)];
  const spread = add(mean(square(subtract(t, tMean))), mean(square(subtract(y, yMean))));
  const covariance = multiply(subtract(t, yMean), subtract(y, yMean));
  const norm = add(add(spread, square(subtract(tMean, yMean))), epsilon());
  return divide(multiply(2, covariance), norm).mean(axis);
}

/**
 * The concordance correlation of labels and predictions (Lin, 1989), from -1 to 1.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number.
 *
 * @param options `axis` (default -1), `name` (default `"concordance_correlation"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.ConcordanceCorrelation();
 * metric.updateState([[1, 2, 3]], [[1, 2, 3]]);
 * metric.result().item().toFixed(4); // → "1.0000"
 * ```
 */
export class ConcordanceCorrelation extends MeanMetricWrapper<FunctionOptions> {
  static override readonly className: string = "ConcordanceCorrelation";
  override readonly direction: Direction = "up";

  constructor(options: ConcordanceCorrelationOptions = {}) {
    checkOptions("ConcordanceCorrelation", options, [...metricOptions, "axis"]);
    super(concordanceCorrelation, { name: "concordance_correlation", axis: -1, ...options });
  }
}
