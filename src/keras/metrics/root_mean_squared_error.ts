/** The root of the mean squared error. */
import {
  checkOptions,
  multiply,
  sqrt,
  subtract,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";
import { squeezeOrExpandToSameRank } from "../losses/operands.ts";
import { type Direction, type MetricOptions, metricOptions } from "./metric.ts";
import { RunningMean } from "./running_mean.ts";
import type { UpdateOptions } from "./samplewise.ts";

/**
 * The root of the mean of (yTrue - yPred)².
 *
 * Input: targets and predictions of one shape, `(batch, …, d)`. Output: a number.
 *
 * @param options `name` (default `"root_mean_squared_error"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.RootMeanSquaredError();
 * metric.updateState([[0, 0]], [[3, 3]]);
 * metric.result().item(); // → 3
 * ```
 */
export class RootMeanSquaredError extends RunningMean {
  static override readonly className: string = "RootMeanSquaredError";
  override readonly direction: Direction = "down";

  constructor(options: MetricOptions = {}) {
    checkOptions("RootMeanSquaredError", options, metricOptions);
    super({ name: "root_mean_squared_error", ...options });
  }

  /**
   * Adds a batch.
   *
   * @param options `sampleWeight`
   */
  override updateState(yTrue: TensorLike, yPred: TensorLike, options: UpdateOptions = {}): void {
    checkOptions(this.name, options, ["sampleWeight"]);
    const [t, y] = squeezeOrExpandToSameRank(toTensor(yTrue, this.dtype), toTensor(yPred, this.dtype));
    const error = subtract(y, t);
    this.include(multiply(error, error), options.sampleWeight);
  }

  override result(): Tensor {
    return sqrt(super.result());
  }
}
