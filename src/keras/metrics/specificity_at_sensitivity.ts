/** The best specificity among the thresholds whose sensitivity is large enough. */
import type { Tensor } from "../../engine/index.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { ThresholdSearch, type ThresholdSearchOptions } from "./threshold_search.ts";

/**
 * The best specificity among the thresholds whose sensitivity is large enough.
 *
 * Input: targets 0 or 1 and predictions from 0 to 1, of one shape. Output: a number.
 *
 * @param sensitivity what the sensitivity must be at least, from 0 to 1
 * @param options `numThresholds` (default 200), `classId` (default: all), `name` (default
 *   `"specificity_at_sensitivity"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.SpecificityAtSensitivity(0.5);
 * metric.updateState([0, 0, 1, 1], [0, 0.1, 0.9, 1]);
 * metric.result().item(); // → 1
 * ```
 */
export class SpecificityAtSensitivity extends ThresholdSearch {
  static override readonly className: string = "SpecificityAtSensitivity";

  /** @throws ValueError unless `sensitivity` lies between 0 and 1 */
  constructor(sensitivity: number, options: ThresholdSearchOptions = {}) {
    super(sensitivity, "sensitivity", "SpecificityAtSensitivity", options);
  }

  override result(): Tensor {
    return this.best(this.specificity(), this.sensitivity());
  }

  override getConfig(): Config {
    return { ...super.getConfig(), sensitivity: this.least };
  }

  static override fromConfig<T>(this: new (...args: never[]) => T, config: Config): T {
    const { sensitivity, ...options } = fromConfig(config);
    return new this(...([sensitivity, options] as never[]));
  }
}
