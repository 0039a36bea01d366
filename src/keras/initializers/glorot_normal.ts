/** The initializer of Glorot and Bengio (2010), normally distributed. */
import { checkOptions } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { type FanOptions, VarianceScaling } from "./variance_scaling.ts";

/**
 * Normally distributed numbers within two deviations, with standard deviation √(2 / (inputs + outputs)) (Glorot and Bengio, 2010).
 *
 * @param options `seed`: determines the numbers (default: determined by `utils.setRandomSeed`)
 *
 * @example
 * ```ts
 * new GlorotNormal({ seed: 1 })([1, 2]).shape; // → [1, 2]
 * ```
 */
export class GlorotNormal extends VarianceScaling {
  static override readonly className: string = "GlorotNormal";

  constructor(options: FanOptions = {}) {
    checkOptions("GlorotNormal", options, ["seed", "inputAxes", "outputAxes"]);
    super({ scale: 1, mode: "fan_avg", distribution: "truncated_normal", ...options });
  }

  override getConfig(): Config {
    return { ...this.seedConfig(), ...this.axesConfig() };
  }
}
