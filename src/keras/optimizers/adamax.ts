/** Adamax: Adam with the largest gradient in place of the mean of squares. */
import {
  abs,
  add,
  checkOptions,
  divide,
  maximum,
  multiply,
  subtract,
  type Tensor,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import type { Config } from "../saving/config.ts";
import { correction, stepNumber } from "./bias_correction.ts";
import { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerOptions } from "./optimizer_options.ts";

/** Options of {@link Adamax}. */
export interface AdamaxOptions extends OptimizerOptions {
  /** How much of the mean of gradients is kept at each step. Default 0.9. */
  readonly beta1?: number;
  /** How much of the largest gradient is kept at each step. Default 0.999. */
  readonly beta2?: number;
  /** A small number that keeps the divisor from 0. Default 1e-7. */
  readonly epsilon?: number;
}

/**
 * Adamax (Kingma and Ba, 2014): m ← β₁ · m + (1 - β₁) · g, u ← max(β₂ · u, |g|), w ← w - η · m / ((1 - β₁ᵗ) · (u + ε)).
 *
 * @param options `learningRate` (default 0.001), `beta1` (default 0.9), `beta2` (default 0.999), `epsilon` (default 1e-7),
 *   and those of all optimizers
 *
 * @example
 * ```ts
 * const w = new Variable([1], { dtype: "float32" });
 * new Adamax({ learningRate: 0.5 }).apply([[3]], [w]);
 * w.value.item().toFixed(3); // → "0.500"
 * ```
 */
export class Adamax extends Optimizer {
  static override readonly className: string = "Adamax";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  #momentums: Variable[] = [];
  #norms: Variable[] = [];

  constructor(options: AdamaxOptions = {}) {
    checkOptions(new.target.className, options, [...optimizerOptions, "beta1", "beta2", "epsilon"]);
    super({ learningRate: 0.001, ...options });
    this.beta1 = options.beta1 ?? 0.9;
    this.beta2 = options.beta2 ?? 0.999;
    this.epsilon = options.epsilon ?? 1e-7;
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    const [momentums, norms] = this.addOptimizerVariableGroups(variables, ["momentum", "norm"]);
    this.#momentums = momentums!;
    this.#norms = norms!;
  }

  override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const at = this.indexOf(variable);
    const m = this.#momentums[at]!;
    const u = this.#norms[at]!;
    m.assign(add(m, multiply(subtract(gradient, m), 1 - this.beta1)));
    u.assign(maximum(multiply(this.beta2, u), abs(gradient)));
    const divisor = multiply(correction(this.beta1, stepNumber(this, variable)), add(u, this.epsilon));
    variable.assign(subtract(variable, divide(multiply(learningRate, m), divisor)));
  }

  override getConfig(): Config {
    const { beta1, beta2, epsilon } = this;
    return { ...super.getConfig(), beta_1: beta1, beta_2: beta2, epsilon };
  }
}
