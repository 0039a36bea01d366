/** The initializer of Glorot and Bengio (2010), evenly distributed. */
import { checkOptions } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { type FanOptions, VarianceScaling } from "./variance_scaling.ts";

/**
 * Numbers drawn evenly from [-limit, limit), limit = √(6 / (inputs + outputs)): what kernels begin with (Glorot and Bengio, 2010).
 *
 * @param options `seed`: determines the numbers (default: determined by `utils.setRandomSeed`)
 *
 * @example
 * ```ts
 * const kernel = new GlorotUniform({ seed: 1 })([1, 2]);
 * keras.ops.max(keras.ops.abs(kernel)).item() < Math.sqrt(6 / (1 + 2)); // → true
 * ```
 */
export class GlorotUniform extends VarianceScaling {
  static override readonly className: string = "GlorotUniform";

  constructor(options: FanOptions = {}) {
    checkOptions("GlorotUniform", options, ["seed", "inputAxes", "outputAxes"]);
    super({ scale: 1, mode: "fan_avg", distribution: "uniform", ...options });
  }

  override getConfig(): Config {
    return { ...this.seedConfig(), ...this.axesConfig() };
  }
}
