/** The initializer of He et al. (2015), evenly distributed. */
import { checkOptions } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { type FanOptions, VarianceScaling } from "./variance_scaling.ts";

/** Numbers drawn evenly from [-limit, limit), limit = √(6 / inputs). */
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
