/** The initializer of He et al. (2015), evenly distributed. */
import { checkOptions } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { type FanOptions, VarianceScaling } from "./variance_scaling.ts";

/**
 * Numbers drawn evenly from [-limit, limit), limit = √(6 / inputs) (He et al., 2015).
 *
 * @param options `seed`: determines the numbers (default: determined by `utils.setRandomSeed`)
 *
 * @example
 * ```ts
 * const kernel = new HeUniform({ seed: 1 })([1, 2]);
 * keras.ops.max(keras.ops.abs(kernel)).item() < Math.sqrt(6 / 1); // → true
 * ```
 */
export class HeUniform extends VarianceScaling {
  static override readonly className: string = "HeUniform";

  constructor(options: FanOptions = {}) {
    checkOptions("HeUniform", options, ["seed", "inputAxes", "outputAxes"]);
    super({ scale: 2, mode: "fan_in", distribution: "uniform", ...options });
  }

  override getConfig(): Config {
    return { ...this.seedConfig(), ...this.axesConfig() };
  }
}
