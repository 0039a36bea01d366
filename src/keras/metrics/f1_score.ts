/** The F1 score. */
import { checkOptions } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { type Average, FBetaScore } from "./fbeta_score.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";

/** Options of {@link F1Score}. */
export interface F1ScoreOptions extends MetricOptions {
  /** How the classes are taken together. Default null: one score for each class. */
  readonly average?: Average;
  /** The probability above which a class is predicted. Default: the likeliest class is. */
  readonly threshold?: number | null;
}

/**
 * The F1 score: the harmonic mean of precision and recall.
 *
 * Input: targets 0 or 1 and predictions, `(batch, classes)`. Output: a number; without `average` one for each class.
 *
 * @param options `average` (default null), `threshold` (default: the likeliest class), `name` (default `"f1_score"`),
 *   `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.F1Score({ average: "macro" });
 * metric.updateState([[1, 0], [0, 1]], [[0.9, 0.1], [0.2, 0.8]]);
 * metric.result().item().toFixed(4); // → "1.0000"
 * ```
 */
export class F1Score extends FBetaScore {
  static override readonly className: string = "F1Score";

  constructor(options: F1ScoreOptions = {}) {
    checkOptions("F1Score", options, [...metricOptions, "average", "threshold"]);
    super({ name: "f1_score", ...options });
  }

  override getConfig(): Config {
    const { beta: _, ...config } = super.getConfig();
    return config;
  }
}
