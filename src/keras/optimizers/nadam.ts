/** Nadam: Adam with Nesterov's momentum. */
import {
  add,
  checkOptions,
  divide,
  multiply,
  power,
  sqrt,
  subtract,
  type Tensor,
  toTensor,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import { floatx } from "../config/config.ts";
import type { Config } from "../saving/config.ts";
import { correction, stepNumber } from "./bias_correction.ts";
import { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerOptions } from "./optimizer_options.ts";

/** Options of {@link Nadam}. */
export interface NadamOptions extends OptimizerOptions {
  /** How much of the mean of gradients is kept at each step. Default 0.9. */
  readonly beta1?: number;
  /** How much of the mean of squared gradients is kept at each step. Default 0.999. */
  readonly beta2?: number;
  /** A small number that keeps the divisor from 0. Default 1e-7. */
  readonly epsilon?: number;
}

/**
 * Nadam (Dozat, 2015): Adam with Nesterov's momentum, whose β₁ grows towards its value as
 * uₜ = β₁ · (1 - 0.96ᵗ / 2).
 *
 * @param options `learningRate` (default 0.001), `beta1` (default 0.9), `beta2` (default 0.999), `epsilon` (default 1e-7),
 *   and those of all optimizers
 *
 * @example
 * ```ts
 * const w = new Variable([1], { dtype: "float32" });
 * new Nadam({ learningRate: 0.5 }).apply([[3]], [w]);
 * w.value.item() < 1; // → true
 * ```
 */
export class Nadam extends Optimizer {
  static override readonly className: string = "Nadam";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  #momentums: Variable[] = [];
  #velocities: Variable[] = [];
  /** The product of all uₜ so far. */
  #product: Variable | undefined;

  constructor(options: NadamOptions = {}) {
    checkOptions(new.target.className, options, [...optimizerOptions, "beta1", "beta2", "epsilon"]);
    super({ learningRate: 0.001, ...options });
    this.beta1 = options.beta1 ?? 0.9;
    this.beta2 = options.beta2 ?? 0.999;
    this.epsilon = options.epsilon ?? 1e-7;
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    const [momentums, velocities] = this.addOptimizerVariableGroups(variables, ["momentum", "velocity"]);
    this.#momentums = momentums!;
    this.#velocities = velocities!;
    this.#product = this.addVariable([], { initializer: "ones", dtype: variables[0]?.dtype ?? floatx() });
  }

  /** uₜ for a step. */
  #share(step: Tensor): Tensor {
    const decay = power(toTensor(0.96, step.dtype), step);
    return multiply(this.beta1, subtract(1, multiply(0.5, decay)));
  }

  protected override updateSteps(gradients: readonly Tensor[], variables: readonly Variable[]): void {
    const product = this.#product!;
    product.assign(multiply(product, this.#share(stepNumber(this, product))));
    super.updateSteps(gradients, variables);
  }

  override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const at = this.indexOf(variable);
    const step = stepNumber(this, variable);
    const share = this.#share(step);
    const nextShare = this.#share(add(step, 1));
    const product = toTensor(this.#product!, variable.dtype);
    const m = this.#momentums[at]!;
    const v = this.#velocities[at]!;
    m.assign(add(m, multiply(subtract(gradient, m), 1 - this.beta1)));
    v.assign(add(v, multiply(subtract(multiply(gradient, gradient), v), 1 - this.beta2)));
    const ahead = multiply(m, divide(nextShare, subtract(1, multiply(product, nextShare))));
    const now = multiply(gradient, divide(subtract(1, share), subtract(1, product)));
    const size = sqrt(divide(v, correction(this.beta2, step)));
    const move = divide(multiply(add(ahead, now), learningRate), add(size, this.epsilon));
    variable.assign(subtract(variable, move));
  }

  override getConfig(): Config {
    const { beta1, beta2, epsilon } = this;
    return { ...super.getConfig(), beta_1: beta1, beta_2: beta2, epsilon };
  }
}
