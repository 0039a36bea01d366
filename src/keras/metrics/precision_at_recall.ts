/** The best precision among the thresholds whose recall is large enough. */
import type { Tensor } from "../../engine/index.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { ThresholdSearch, type ThresholdSearchOptions } from "./threshold_search.ts";

/**
 * The best precision among the thresholds whose recall is large enough.
 *
 * Input: targets 0 or 1 and predictions from 0 to 1, of one shape. Output: a number.
 *
 * @param recall what the recall must be at least, from 0 to 1
 * @param options `numThresholds` (default 200), `classId` (default: all), `name` (default
 *   `"precision_at_recall"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.PrecisionAtRecall(0.5);
 * metric.updateState([0, 0, 1, 1], [0, 0.1, 0.9, 1]);
 * metric.result().item(); // → 1
 * ```
 */
export class PrecisionAtRecall extends ThresholdSearch {
  static override readonly className: string = "PrecisionAtRecall";

  /** @throws ValueError unless `recall` lies between 0 and 1 */
  constructor(recall: number, options: ThresholdSearchOptions = {}) {
    super(recall, "recall", "PrecisionAtRecall", options);
  }

  override result(): Tensor {
    return this.best(this.precision(), this.sensitivity());
  }

  override getConfig(): Config {
    return { ...super.getConfig(), recall: this.least };
  }

  static override fromConfig<T>(this: new (...args: never[]) => T, config: Config): T {
    const { recall, ...options } = fromConfig(config);
    return new this(...([recall, options] as never[]));
  }
}
