/** The number of wrong predictions of yes. */
import { ConditionCount, type ConditionCountOptions } from "./condition_count.ts";

/**
 * The weighted number of wrong predictions of yes.
 *
 * Input: targets 0 or 1 and predictions from 0 to 1, of one shape. Output: a number, or one for each threshold.
 *
 * @param options `thresholds` (default 0.5), `name` (default `"false_positives"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.FalsePositives();
 * metric.updateState([1, 1, 1, 0, 0], [0.9, 0.8, 0.1, 0.9, 0.2]);
 * metric.result().item(); // → 1
 * ```
 */
export class FalsePositives extends ConditionCount {
  static override readonly className: string = "FalsePositives";

  constructor(options: ConditionCountOptions = {}) {
    super("falsePositives", "FalsePositives", options);
  }
}
