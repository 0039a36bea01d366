/** The cosine similarity. */
import { checkOptions, negate, type Tensor, type TensorLike } from "../../engine/index.ts";
import { cosineSimilarity as minusCosine } from "../losses/cosine_similarity.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type Direction, type MetricOptions, metricOptions } from "./metric.ts";

interface FunctionOptions {
  /** The axis of each vector. Default -1. */
  readonly axis?: number;
}

/** Options of {@link CosineSimilarity}. */
export interface CosineSimilarityOptions extends MetricOptions, FunctionOptions {}

/** The cosine of the angle between labels and predictions; the loss is its negative. */
function cosine(yTrue: TensorLike, yPred: TensorLike, options: FunctionOptions): Tensor {
  return negate(minusCosine(yTrue, yPred, options));
}

/**
 * The mean cosine of the angle between labels and predictions: 1 for the same direction, -1 for opposite ones.
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number.
 *
 * @param options `axis` (default -1), `name` (default `"cosine_similarity"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.CosineSimilarity();
 * metric.updateState([[0, 1], [1, 0]], [[0, 3], [0, 2]]);
 * metric.result().item(); // → 0.5
 * ```
 */
export class CosineSimilarity extends MeanMetricWrapper<FunctionOptions> {
  static override readonly className: string = "CosineSimilarity";
  override readonly direction: Direction = "up";

  constructor(options: CosineSimilarityOptions = {}) {
    checkOptions("CosineSimilarity", options, [...metricOptions, "axis"]);
    // Keras leaves the axis out of the config; here it stands there where it is not the default.
    const { axis = -1, ...rest } = options;
    super(cosine, { name: "cosine_similarity", ...rest, ...(axis !== -1 && { axis }) });
  }
}
