/** The initializer of He et al. (2015), normally distributed. */
import { checkOptions } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { type FanOptions, VarianceScaling } from "./variance_scaling.ts";

/**
 * Normally distributed numbers within two deviations, with standard deviation √(2 / inputs) (He et al., 2015).
 *
 * @param options `seed`: determines the numbers (default: determined by `utils.setRandomSeed`)
 *
 * @example
 * ```ts
 * new HeNormal({ seed: 1 })([1, 2]).shape; // → [1, 2]
 * ```
 */
export class HeNormal extends VarianceScaling {
  static override readonly className: string = "HeNormal";

  constructor(options: FanOptions = {}) {
    checkOptions("HeNormal", options, ["seed", "inputAxes", "outputAxes"]);
    super({ scale: 2, mode: "fan_in", distribution: "truncated_normal", ...options });
  }

  override getConfig(): Config {
    return { ...this.seedConfig(), ...this.axesConfig() };
  }
}
