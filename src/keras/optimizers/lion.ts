/** Lion: steps of one size, by the sign of the momentum. */
import {
  add,
  checkOptions,
  multiply,
  show,
  sign,
  subtract,
  type Tensor,
  ValueError,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import type { Config } from "../saving/config.ts";
import { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerOptions } from "./optimizer_options.ts";

/** Options of {@link Lion}. */
export interface LionOptions extends OptimizerOptions {
  /** The share of the momentum in a step; the rest is the gradient. Default 0.9. */
  readonly beta1?: number;
  /** How much of the momentum is kept at each step. Default 0.99. */
  readonly beta2?: number;
}

/**
 * Lion (Chen et al., 2023): w ← w - η · sign(β₁ · m + (1 - β₁) · g), m ← β₂ · m + (1 - β₂) · g.
 *
 * @param options `learningRate` (default 0.001), `beta1` (default 0.9), `beta2` (default 0.99), and those of all optimizers
 *
 * @example
 * ```ts
 * const w = new Variable([1], { dtype: "float32" });
 * new Lion({ learningRate: 0.5 }).apply([[3]], [w]);
 * w.value.arraySync(); // → [0.5]
 * ```
 */
export class Lion extends Optimizer {
  static override readonly className: string = "Lion";
  readonly beta1: number;
  readonly beta2: number;
  #momentums: Variable[] = [];

  /** @throws ValueError unless 0 < beta1 ≤ 1 */
  constructor(options: LionOptions = {}) {
    checkOptions(new.target.className, options, [...optimizerOptions, "beta1", "beta2"]);
    super({ learningRate: 0.001, ...options });
    this.beta1 = options.beta1 ?? 0.9;
    this.beta2 = options.beta2 ?? 0.99;
    if (!(this.beta1 > 0 && this.beta1 <= 1)) {
      throw new ValueError(`Lion: beta1 lies above 0 and is at most 1. Received: beta1=${show(this.beta1)}`);
    }
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    this.#momentums = this.addOptimizerVariables(variables, "momentum");
  }

  override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const m = this.#momentums[this.indexOf(variable)]!;
    const direction = sign(add(multiply(m, this.beta1), multiply(gradient, 1 - this.beta1)));
    variable.assign(subtract(variable, multiply(learningRate, direction)));
    m.assign(add(multiply(m, this.beta2), multiply(gradient, 1 - this.beta2)));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), beta_1: this.beta1, beta_2: this.beta2 };
  }
}
