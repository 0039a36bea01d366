/** The F-beta score. */
import {
  abs,
  add,
  bitwiseAnd,
  checkOptions,
  divide,
  greater,
  greaterEqual,
  multiply,
  ShapeError,
  show,
  showShape,
  subtract,
  sum,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import { epsilon } from "../config/config.ts";
import { expandDims } from "../ops/numpy_shape.ts";
import type { Config } from "../saving/config.ts";
import { type Direction, Metric, type MetricOptions, metricOptions } from "./metric.ts";
import type { UpdateOptions } from "./samplewise.ts";

/** How the classes are taken together. */
export type Average = "micro" | "macro" | "weighted" | null;

/** Options of {@link FBetaScore}. */
export interface FBetaScoreOptions extends MetricOptions {
  /**
   * `"micro"` counts all classes together, `"macro"` is the mean of the classes' scores, `"weighted"` weights them by how
   * often they occur, null (the default) gives one score for each class.
   */
  readonly average?: Average;
  /** How many times as important recall is as precision. Default 1. */
  readonly beta?: number;
  /** The probability above which a class is predicted. Default: the likeliest class is. */
  readonly threshold?: number | null;
}

interface State {
  readonly truePositives: Variable;
  readonly falsePositives: Variable;
  readonly falseNegatives: Variable;
  readonly weights: Variable;
}

/**
 * The F-beta score: (1 + β²) · precision · recall / (β² · precision + recall).
 *
 * Input: targets 0 or 1 and predictions, `(batch, classes)`. Output: a number; without `average` one for each class.
 *
 * @param options `average` (default null), `beta` (default 1), `threshold` (default: the likeliest class), `name` (default
 *   `"fbeta_score"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.FBetaScore({ average: "micro", threshold: 0.5 });
 * metric.updateState([[1, 1], [1, 0]], [[0.9, 0.9], [0.9, 0.1]]);
 * metric.result().item().toFixed(4); // → "1.0000"
 * ```
 */
export class FBetaScore extends Metric {
  static override readonly className: string = "FBetaScore";
  override readonly direction: Direction = "up";
  readonly average: Average;
  readonly beta: number;
  readonly threshold: number | null;
  #state: State | undefined;

  /** @throws ValueError for options that cannot be used */
  constructor(options: FBetaScoreOptions = {}) {
    checkOptions("FBetaScore", options, [...metricOptions, "average", "beta", "threshold"]);
    const { average = null, beta = 1, threshold = null, ...rest } = options;
    if (!["micro", "macro", "weighted", null].includes(average)) {
      throw new ValueError(
        `FBetaScore: average is "micro", "macro", "weighted" or null. Received: average=${show(average)}`,
      );
    }
    if (!(beta > 0))
      throw new ValueError(`FBetaScore: beta is a number above 0. Received: beta=${show(beta)}`);
    if (threshold !== null && !(threshold > 0 && threshold <= 1)) {
      throw new ValueError(
        `FBetaScore: threshold lies above 0 and is at most 1. Received: threshold=${show(threshold)}`,
      );
    }
    super({ name: "fbeta_score", ...rest });
    this.average = average;
    this.beta = beta;
    this.threshold = threshold;
  }

  #build(yTrue: Tensor, yPred: Tensor): State {
    if (yTrue.ndim !== 2 || yPred.ndim !== 2) {
      throw new ShapeError(
        `${this.name}: expected labels and predictions of shape (samples, classes). Received: ${showShape(yTrue.shape)}, ${showShape(yPred.shape)}`,
      );
    }
    const shape = this.average === "micro" ? [] : [yPred.shape[1]!];
    const make = (name: string): Variable => this.addVariable(shape, { name, dtype: this.dtype });
    return {
      truePositives: make("true_positives"),
      falsePositives: make("false_positives"),
      falseNegatives: make("false_negatives"),
      weights: make("intermediate_weights"),
    };
  }

  #predicted(y: Tensor): Tensor {
    if (this.threshold !== null) return greater(y, this.threshold).astype(this.dtype);
    const likeliest = greaterEqual(y, y.max(-1, { keepdims: true }));
    return bitwiseAnd(likeliest, greater(abs(y), 1e-9)).astype(this.dtype);
  }

  /**
   * Adds a batch.
   *
   * @param yTrue labels 0 and 1, a row for each sample
   * @param yPred probabilities, a row for each sample
   * @param options `sampleWeight`
   */
  override updateState(yTrue: TensorLike, yPred: TensorLike, options: UpdateOptions = {}): void {
    checkOptions(this.name, options, ["sampleWeight"]);
    const t = toTensor(yTrue, this.dtype);
    const probabilities = toTensor(yPred, this.dtype);
    this.#state ??= this.#build(t, probabilities);
    const y = this.#predicted(probabilities);
    const { sampleWeight } = options;
    const weights =
      sampleWeight === null || sampleWeight === undefined
        ? 1
        : expandDims(toTensor(sampleWeight, this.dtype), 1);
    const axes = this.average === "micro" ? null : 0;
    const grow = (variable: Variable, hits: Tensor): unknown =>
      variable.assignAdd(sum(multiply(hits, weights), axes));
    grow(this.#state.truePositives, multiply(y, t));
    grow(this.#state.falsePositives, multiply(y, subtract(1, t)));
    grow(this.#state.falseNegatives, multiply(subtract(1, y), t));
    grow(this.#state.weights, t);
  }

  override result(): Tensor {
    if (this.#state === undefined) return toTensor(0, this.dtype);
    const { truePositives, falsePositives, falseNegatives, weights } = this.#state;
    const small = epsilon();
    const precision = divide(truePositives, add(add(truePositives, falsePositives), small));
    const recall = divide(truePositives, add(add(truePositives, falseNegatives), small));
    const square = this.beta ** 2;
    const mean = divide(multiply(precision, recall), add(add(multiply(square, precision), recall), small));
    const score = multiply(mean, 1 + square);
    if (this.average === "weighted") return sum(multiply(score, divide(weights, add(sum(weights), small))));
    return this.average === null ? score : score.mean();
  }

  override getConfig(): Config {
    const { average, beta, threshold } = this;
    return { ...super.getConfig(), average, beta, threshold };
  }
}
