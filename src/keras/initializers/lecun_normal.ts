/** The initializer of LeCun et al. (1998), normally distributed. */
import { checkOptions } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { type FanOptions, VarianceScaling } from "./variance_scaling.ts";

/**
 * Normally distributed numbers within two deviations, with standard deviation √(1 / inputs) (LeCun et al., 1998).
 *
 * @param options `seed`: determines the numbers (default: determined by `utils.setRandomSeed`)
 *
 * @example
 * ```ts
 * new LecunNormal({ seed: 1 })([1, 2]).shape; // → [1, 2]
 * ```
 */
export class LecunNormal extends VarianceScaling {
  static override readonly className: string = "LecunNormal";

  constructor(options: FanOptions = {}) {
    checkOptions("LecunNormal", options, ["seed", "inputAxes", "outputAxes"]);
    super({ scale: 1, mode: "fan_in", distribution: "truncated_normal", ...options });
  }

  override getConfig(): Config {
    return { ...this.seedConfig(), ...this.axesConfig() };
  }
}
