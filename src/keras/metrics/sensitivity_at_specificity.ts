/** The best sensitivity among the thresholds whose specificity is large enough. */
import type { Tensor } from "../../engine/index.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { ThresholdSearch, type ThresholdSearchOptions } from "./threshold_search.ts";

/**
 * The best sensitivity among the thresholds whose specificity is large enough.
 *
 * Input: targets 0 or 1 and predictions from 0 to 1, of one shape. Output: a number.
 *
 * @param specificity what the specificity must be at least, from 0 to 1
 * @param options `numThresholds` (default 200), `classId` (default: all), `name` (default
 *   `"sensitivity_at_specificity"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.SensitivityAtSpecificity(0.5);
 * metric.updateState([0, 0, 1, 1], [0, 0.1, 0.9, 1]);
 * metric.result().item(); // → 1
 * ```
 */
export class SensitivityAtSpecificity extends ThresholdSearch {
  static override readonly className: string = "SensitivityAtSpecificity";

  /** @throws ValueError unless `specificity` lies between 0 and 1 */
  constructor(specificity: number, options: ThresholdSearchOptions = {}) {
    super(specificity, "specificity", "SensitivityAtSpecificity", options);
  }

  override result(): Tensor {
    return this.best(this.sensitivity(), this.specificity());
  }

  override getConfig(): Config {
    return { ...super.getConfig(), specificity: this.least };
  }

  static override fromConfig<T>(this: new (...args: never[]) => T, config: Config): T {
    const { specificity, ...options } = fromConfig(config);
    return new this(...([specificity, options] as never[]));
  }
}
