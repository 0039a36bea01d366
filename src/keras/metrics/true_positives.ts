/** The number of right predictions of yes. */
import { ConditionCount, type ConditionCountOptions } from "./condition_count.ts";

/**
 * The weighted number of right predictions of yes.
 *
 * Input: targets 0 or 1 and predictions from 0 to 1, of one shape. Output: a number, or one for each threshold.
 *
 * @param options `thresholds` (default 0.5), `name` (default `"true_positives"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.TruePositives();
 * metric.updateState([1, 1, 1, 0, 0], [0.9, 0.8, 0.1, 0.9, 0.2]);
 * metric.result().item(); // → 2
 * ```
 */
export class TruePositives extends ConditionCount {
  static override readonly className: string = "TruePositives";

  constructor(options: ConditionCountOptions = {}) {
    super("truePositives", "TruePositives", options);
  }
}
