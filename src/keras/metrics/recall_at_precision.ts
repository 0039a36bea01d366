/** The best recall among the thresholds whose precision is large enough. */
import type { Tensor } from "../../engine/index.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { ThresholdSearch, type ThresholdSearchOptions } from "./threshold_search.ts";

/**
 * The best recall among the thresholds whose precision is large enough.
 *
 * Input: targets 0 or 1 and predictions from 0 to 1, of one shape. Output: a number.
 *
 * @param precision what the precision must be at least, from 0 to 1
 * @param options `numThresholds` (default 200), `classId` (default: all), `name` (default
 *   `"recall_at_precision"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.RecallAtPrecision(0.5);
 * metric.updateState([0, 0, 1, 1], [0, 0.1, 0.9, 1]);
 * metric.result().item(); // → 1
 * ```
 */
export class RecallAtPrecision extends ThresholdSearch {
  static override readonly className: string = "RecallAtPrecision";

  /** @throws ValueError unless `precision` lies between 0 and 1 */
  constructor(precision: number, options: ThresholdSearchOptions = {}) {
    super(precision, "precision", "RecallAtPrecision", options);
  }

  override result(): Tensor {
    return this.best(this.sensitivity(), this.precision());
  }

  override getConfig(): Config {
    return { ...super.getConfig(), precision: this.least };
  }

  static override fromConfig<T>(this: new (...args: never[]) => T, config: Config): T {
    const { precision, ...options } = fromConfig(config);
    return new this(...([precision, options] as never[]));
  }
}
