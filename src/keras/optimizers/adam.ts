/** Adam: steps of the size of the learning rate, by running means of gradients and their squares. */
import {
  add,
  checkOptions,
  divide,
  maximum,
  multiply,
  sqrt,
  subtract,
  type Tensor,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import type { Config } from "../saving/config.ts";
import { correction, stepNumber } from "./bias_correction.ts";
import { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerOptions } from "./optimizer_options.ts";

/** Options of {@link Adam}. */
export interface AdamOptions extends OptimizerOptions {
  /** How much of the mean of gradients is kept at each step. Default 0.9. */
  readonly beta1?: number;
  /** How much of the mean of squared gradients is kept at each step. Default 0.999. */
  readonly beta2?: number;
  /** A small number that keeps the divisor from 0. Default 1e-7. */
  readonly epsilon?: number;
  /** Whether the largest mean of squared gradients so far is used (AMSGrad). Default false. */
  readonly amsgrad?: boolean;
}

/**
 * Adam (Kingma and Ba, 2014): m ← β₁ · m + (1 - β₁) · g, v ← β₂ · v + (1 - β₂) · g², w ← w - α · m / (√v + ε), with
 * α = η · √(1 - β₂ᵗ) / (1 - β₁ᵗ).
 *
 * @param options `learningRate` (default 0.001), `beta1` (default 0.9), `beta2` (default 0.999), `epsilon` (default 1e-7),
 *   `amsgrad` (default false), and those of all optimizers
 *
 * @example
 * ```ts
 * const w = new Variable([1], { dtype: "float32" });
 * new Adam({ learningRate: 0.5 }).apply([[3]], [w]);
 * w.value.item().toFixed(3); // → "0.500"
 * ```
 */
export class Adam extends Optimizer {
  static override readonly className: string = "Adam";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;
  #momentums: Variable[] = [];
  #velocities: Variable[] = [];
  #velocityHats: Variable[] = [];

  constructor(options: AdamOptions = {}) {
    checkOptions(new.target.className, options, [
      ...optimizerOptions,
      "beta1",
      "beta2",
      "epsilon",
      "amsgrad",
    ]);
    super({ learningRate: 0.001, ...options });
    this.beta1 = options.beta1 ?? 0.9;
    this.beta2 = options.beta2 ?? 0.999;
    this.epsilon = options.epsilon ?? 1e-7;
    this.amsgrad = options.amsgrad ?? false;
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    const [momentums, velocities] = this.addOptimizerVariableGroups(variables, ["momentum", "velocity"]);
    this.#momentums = momentums!;
    this.#velocities = velocities!;
    if (this.amsgrad) this.#velocityHats = this.addOptimizerVariables(variables, "velocity_hat");
  }

  override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const at = this.indexOf(variable);
    const step = stepNumber(this, variable);
    const alpha = divide(
      multiply(learningRate, sqrt(correction(this.beta2, step))),
      correction(this.beta1, step),
    );
    const m = this.#momentums[at]!;
    const v = this.#velocities[at]!;
    m.assign(add(m, multiply(subtract(gradient, m), 1 - this.beta1)));
    v.assign(add(v, multiply(subtract(multiply(gradient, gradient), v), 1 - this.beta2)));
    const hat = this.#velocityHats[at];
    hat?.assign(maximum(hat, v));
    variable.assign(subtract(variable, divide(multiply(m, alpha), add(sqrt(hat ?? v), this.epsilon))));
  }

  override getConfig(): Config {
    const { beta1, beta2, epsilon, amsgrad } = this;
    return { ...super.getConfig(), beta_1: beta1, beta_2: beta2, epsilon, amsgrad };
  }
}
