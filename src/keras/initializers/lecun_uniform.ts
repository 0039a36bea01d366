/** The initializer of LeCun et al. (1998), evenly distributed. */
import { checkOptions } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { type FanOptions, VarianceScaling } from "./variance_scaling.ts";

/**
 * Numbers drawn evenly from [-limit, limit), limit = √(3 / inputs) (LeCun et al., 1998).
 *
 * @param options `seed`: determines the numbers (default: determined by `utils.setRandomSeed`)
 *
 * @example
 * ```ts
 * const kernel = new LecunUniform({ seed: 1 })([1, 2]);
 * keras.ops.max(keras.ops.abs(kernel)).item() < Math.sqrt(3 / 1); // → true
 * ```
 */
export class LecunUniform extends VarianceScaling {
  static override readonly className: string = "LecunUniform";

  constructor(options: FanOptions = {}) {
    checkOptions("LecunUniform", options, ["seed", "inputAxes", "outputAxes"]);
    super({ scale: 1, mode: "fan_in", distribution: "uniform", ...options });
  }

  override getConfig(): Config {
    return { ...this.seedConfig(), ...this.axesConfig() };
  }
}
