/** The coefficient of determination. */
import {
  abs,
  broadcastTo,
  checkOptions,
  divide,
  equal,
  less,
  multiply,
  notEqual,
  ShapeError,
  show,
  showShape,
  subtract,
  sum,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
  where,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import { squeezeOrExpandToSameRank } from "../losses/operands.ts";
import { expandDims } from "../ops/numpy_shape.ts";
import type { Config } from "../saving/config.ts";
import { type Direction, Metric, type MetricOptions, metricOptions } from "./metric.ts";
import type { UpdateOptions } from "./samplewise.ts";

/** How the outputs are taken together. */
export type ClassAggregation = "uniform_average" | "variance_weighted_average" | null;

/** Options of {@link R2Score}. */
export interface R2ScoreOptions extends MetricOptions {
  /** How the scores of several outputs become one; null keeps them apart. Default `"uniform_average"`. */
  readonly classAggregation?: ClassAggregation;
  /** How many inputs the predictions were made from, for the adjusted score. Default 0: not adjusted. */
  readonly numRegressors?: number;
}

interface State {
  readonly squaredSum: Variable;
  readonly sum: Variable;
  readonly residual: Variable;
  readonly count: Variable;
}

/**
 * R², the share of the labels' variance that predictions explain: 1 - Σ(yTrue - yPred)² / Σ(yTrue - mean(yTrue))².
 *
 * Input: targets and predictions `(batch, outputs)`. Output: a number; with `classAggregation: null` one for each
 * output.
 *
 * @param options `classAggregation` (default `"uniform_average"`), `numRegressors` (default 0), `name` (default
 *   `"r2_score"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.R2Score();
 * metric.updateState([[1], [4], [3]], [[2], [4], [4]]);
 * metric.result().item().toFixed(4); // → "0.5714"
 * ```
 */
export class R2Score extends Metric {
  static override readonly className: string = "R2Score";
  override readonly direction: Direction = "up";
  readonly classAggregation: ClassAggregation;
  readonly numRegressors: number;
  /** How many samples there were. */
  readonly numSamples: Variable;
  #state: State | undefined;

  /** @throws ValueError for options that cannot be used */
  constructor(options: R2ScoreOptions = {}) {
    checkOptions("R2Score", options, [...metricOptions, "classAggregation", "numRegressors"]);
    const { classAggregation = "uniform_average", numRegressors = 0, ...rest } = options;
    if (!["uniform_average", "variance_weighted_average", null].includes(classAggregation)) {
      throw new ValueError(
        `R2Score: classAggregation is "uniform_average", "variance_weighted_average" or null. Received: classAggregation=${show(classAggregation)}`,
      );
    }
    if (!(numRegressors >= 0)) {
      throw new ValueError(
        `R2Score: numRegressors is not negative. Received: numRegressors=${show(numRegressors)}`,
      );
    }
    super({ name: "r2_score", ...rest });
    this.classAggregation = classAggregation;
    this.numRegressors = numRegressors;
    this.numSamples = this.addVariable([], { name: "num_samples" });
  }

  #build(yTrue: Tensor, yPred: Tensor): State {
    if (yTrue.ndim !== 2 || yPred.ndim !== 2) {
      throw new ShapeError(
        `R2Score: expected labels and predictions of shape (samples, outputs). Received: ${showShape(yTrue.shape)}, ${showShape(yPred.shape)}`,
      );
    }
    const make = (name: string): Variable => this.addVariable([yPred.shape[1]!], { name });
    return {
      squaredSum: make("squared_sum"),
      sum: make("sum"),
      residual: make("residual"),
      count: make("count"),
    };
  }

  /**
   * Adds a batch.
   *
   * @param yTrue a row for each sample
   * @param yPred a row for each sample
   * @param options `sampleWeight`
   */
  override updateState(yTrue: TensorLike, yPred: TensorLike, options: UpdateOptions = {}): void {
    checkOptions(this.name, options, ["sampleWeight"]);
    const [t, y] = squeezeOrExpandToSameRank(toTensor(yTrue, this.dtype), toTensor(yPred, this.dtype));
    this.#state ??= this.#build(t, y);
    const given = toTensor(options.sampleWeight ?? 1, this.dtype);
    const weights = broadcastTo(given.ndim === 1 ? expandDims(given, 1) : given, t.shape);
    const weighted = multiply(t, weights);
    const error = subtract(t, y);
    this.#state.sum.assignAdd(sum(weighted, 0));
    this.#state.squaredSum.assignAdd(sum(multiply(t, weighted), 0));
    this.#state.residual.assignAdd(sum(multiply(multiply(error, error), weights), 0));
    this.#state.count.assignAdd(sum(weights, 0));
    // A sample counts if any of its outputs has a weight.
    this.numSamples.assignAdd(sum(notEqual(weights, 0).astype(this.dtype).max(-1)));
  }

  override get built(): boolean {
    return this.#state !== undefined;
  }

  override result(): Tensor {
    if (this.#state === undefined) return toTensor(0, this.dtype);
    const { sum: total, squaredSum, residual, count } = this.#state;
    const variance = subtract(squaredSum, multiply(total, divide(total, count)));
    const raw = subtract(1, divide(residual, variance));
    const scores = where(equal(abs(raw), Number.POSITIVE_INFINITY), 0, raw);
    return this.#adjusted(this.#aggregated(scores, variance));
  }

  #aggregated(scores: Tensor, variance: Tensor): Tensor {
    if (this.classAggregation === null) return scores;
    if (this.classAggregation === "uniform_average") return scores.mean();
    return divide(sum(multiply(variance, scores)), sum(variance));
  }

  /** Takes away what so many inputs explain by chance; with too few samples the score stays as it is. */
  #adjusted(score: Tensor): Tensor {
    if (this.numRegressors === 0) return score;
    const free = subtract(subtract(this.numSamples, this.numRegressors), 1);
    const adjusted = subtract(1, divide(multiply(subtract(1, score), subtract(this.numSamples, 1)), free));
    return where(less(0, free), adjusted, score);
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      class_aggregation: this.classAggregation,
      num_regressors: this.numRegressors,
    };
  }
}
