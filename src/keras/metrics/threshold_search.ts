/** What metrics share that look for the best threshold under a condition. */
import {
  add,
  checkOptions,
  greaterEqual,
  max,
  maximum,
  show,
  type Tensor,
  type TensorLike,
  ValueError,
  where,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import { divideNoNan } from "../ops/numpy_elementwise.ts";
import type { Config } from "../saving/config.ts";
import { checkDeclaredLength } from "../saving/reading_limits.ts";
import { confusionCounts } from "./confusion.ts";
import { type Direction, Metric, type MetricOptions, metricOptions } from "./metric.ts";
import type { UpdateOptions } from "./samplewise.ts";

/** Options of metrics that look for the best threshold. */
export interface ThresholdSearchOptions extends MetricOptions {
  /** How many thresholds are tried. Default 200. */
  readonly numThresholds?: number;
  /** The class that is looked at. Default: all. */
  readonly classId?: number | null;
}

/** `count` thresholds from 0 to 1; one is 0.5. */
function thresholdsOf(count: number): number[] {
  return count === 1 ? [0.5] : Array.from({ length: count }, (_, i) => i / (count - 1));
}

/** Numbers of right and wrong predictions for many thresholds, and what can be said by them. */
export abstract class ThresholdSearch extends Metric {
  override readonly direction: Direction = "up";
  /** The thresholds that are tried. */
  readonly thresholds: readonly number[];
  readonly classId: number | null;
  /** What one share must be at least. */
  readonly least: number;
  /** How many yes were right, for each threshold. */
  readonly truePositives: Variable;
  /** How many yes were wrong, for each threshold. */
  readonly falsePositives: Variable;
  /** How many no were right, for each threshold. */
  readonly trueNegatives: Variable;
  /** How many no were wrong, for each threshold. */
  readonly falseNegatives: Variable;

  /**
   * @param least what one share must be at least
   * @param what the name of `least` in messages
   */
  constructor(least: number, what: string, className: string, options: ThresholdSearchOptions) {
    checkOptions(className, options, [...metricOptions, "numThresholds", "classId"]);
    const { numThresholds = 200, classId = null, ...rest } = options;
    if (!(least >= 0 && least <= 1)) {
      throw new ValueError(`${className}: ${what} lies between 0 and 1. Received: ${what}=${show(least)}`);
    }
    if (!(Number.isInteger(numThresholds) && numThresholds > 0)) {
      throw new ValueError(
        `${className}: numThresholds is a whole number above 0. Received: numThresholds=${show(numThresholds)}`,
      );
    }
    super(rest);
    this.least = least;
    this.classId = classId;
    checkDeclaredLength(numThresholds, className);
    this.thresholds = thresholdsOf(numThresholds);
    this.truePositives = this.addVariable([numThresholds], { name: "true_positives" });
    this.falsePositives = this.addVariable([numThresholds], { name: "false_positives" });
    this.trueNegatives = this.addVariable([numThresholds], { name: "true_negatives" });
    this.falseNegatives = this.addVariable([numThresholds], { name: "false_negatives" });
  }

  /**
   * Adds a batch.
   *
   * @param options `sampleWeight`
   */
  override updateState(yTrue: TensorLike, yPred: TensorLike, options: UpdateOptions = {}): void {
    checkOptions(this.name, options, ["sampleWeight"]);
    const { thresholds, classId } = this;
    const counts = confusionCounts(yTrue, yPred, {
      ...options,
      thresholds,
      classId,
      dtype: this.truePositives.dtype,
    });
    this.truePositives.assignAdd(counts.truePositives());
    this.falsePositives.assignAdd(counts.falsePositives());
    this.trueNegatives.assignAdd(counts.trueNegatives());
    this.falseNegatives.assignAdd(counts.falseNegatives());
  }

  /** By threshold, how many of what is yes is predicted so: the sensitivity, or recall. */
  protected sensitivity(): Tensor {
    return divideNoNan(this.truePositives, add(this.truePositives, this.falseNegatives));
  }

  /** By threshold, how many of what is no is predicted so. */
  protected specificity(): Tensor {
    return divideNoNan(this.trueNegatives, add(this.trueNegatives, this.falsePositives));
  }

  /** By threshold, how many of the predictions of yes are right. */
  protected precision(): Tensor {
    return divideNoNan(this.truePositives, add(this.truePositives, this.falsePositives));
  }

  /** The largest wanted share among the thresholds where the other share is large enough; 0 if there is none. */
  protected best(wanted: Tensor, other: Tensor): Tensor {
    return maximum(max(where(greaterEqual(other, this.least), wanted, 0)), 0);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), class_id: this.classId, num_thresholds: this.thresholds.length };
  }
}
