/** How many of the predictions of yes are right. */
import { add, checkOptions, type Tensor, type TensorLike } from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import { divideNoNan } from "../ops/numpy_elementwise.ts";
import { type Config, toConfig } from "../saving/config.ts";
import { confusionCounts, negligible, parseThresholds } from "./confusion.ts";
import { type Direction, Metric, type MetricOptions, metricOptions } from "./metric.ts";
import type { UpdateOptions } from "./samplewise.ts";

/** Options of {@link Precision}. */
export interface PrecisionOptions extends MetricOptions {
  /** The probability above which a prediction means yes, or several such. Default 0.5; with `topK`, any. */
  readonly thresholds?: number | readonly number[] | null;
  /** Only the k largest predictions of a sample can mean yes. Default: all can. */
  readonly topK?: number | null;
  /** The class that is looked at. Default: all. */
  readonly classId?: number | null;
}

/**
 * How many of the predictions of yes are right: truePositives / (truePositives + falsePositives).
 *
 * Input: targets 0 or 1 and predictions from 0 to 1, of one shape. Output: a number, or one for each threshold.
 *
 * @param options `thresholds` (default 0.5), `topK` (default: all), `classId` (default: all), `name` (default
 *   `"precision"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.Precision();
 * metric.updateState([0, 1, 1, 1], [1, 0.9, 0.8, 0.7]);
 * metric.result().item(); // → 0.75
 * ```
 */
export class Precision extends Metric {
  static override readonly className: string = "Precision";
  override readonly direction: Direction = "up";
  readonly thresholds: readonly number[];
  readonly topK: number | null;
  readonly classId: number | null;
  /** How many yes were right, for each threshold. */
  readonly truePositives: Variable;
  /** How many yes were wrong, for each threshold. */
  readonly falsePositives: Variable;
  readonly #given: number | readonly number[] | null;

  constructor(options: PrecisionOptions = {}) {
    checkOptions("Precision", options, [...metricOptions, "thresholds", "topK", "classId"]);
    const { thresholds = null, topK = null, classId = null, ...rest } = options;
    super(rest);
    this.#given = thresholds;
    this.topK = topK;
    this.classId = classId;
    this.thresholds = parseThresholds("Precision", thresholds, topK === null ? 0.5 : negligible);
    this.truePositives = this.addVariable([this.thresholds.length], { name: "true_positives" });
    this.falsePositives = this.addVariable([this.thresholds.length], { name: "false_positives" });
  }

  /**
   * Adds a batch.
   *
   * @param options `sampleWeight`
   */
  override updateState(yTrue: TensorLike, yPred: TensorLike, options: UpdateOptions = {}): void {
    checkOptions(this.name, options, ["sampleWeight"]);
    const { thresholds, topK, classId, truePositives, falsePositives } = this;
    const counts = confusionCounts(yTrue, yPred, {
      ...options,
      thresholds,
      topK,
      classId,
      dtype: truePositives.dtype,
    });
    truePositives.assignAdd(counts.truePositives());
    falsePositives.assignAdd(counts.falsePositives());
  }

  override result(): Tensor {
    const share = divideNoNan(this.truePositives, add(this.truePositives, this.falsePositives));
    return this.thresholds.length === 1 ? share.reshape([]) : share;
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      ...toConfig({ thresholds: this.#given, topK: this.topK, classId: this.classId }),
    };
  }
}
