/** RMSprop: gradients divided by the root of the running mean of their squares. */
import { add, checkOptions, divide, multiply, sqrt, subtract, type Tensor } from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import type { Config } from "../saving/config.ts";
import { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerOptions } from "./optimizer_options.ts";

/** Options of {@link RMSprop}. */
export interface RMSpropOptions extends OptimizerOptions {
  /** How much of the mean of squared gradients is kept at each step. Default 0.9. */
  readonly rho?: number;
  /** How much of the last step is kept. Default 0. */
  readonly momentum?: number;
  /** A small number that keeps the divisor from 0. Default 1e-7. */
  readonly epsilon?: number;
  /** Whether the variance of gradients is used in place of the mean of their squares. Default false. */
  readonly centered?: boolean;
}

/**
 * RMSprop (Hinton, 2012): v ← ρ · v + (1 - ρ) · g², w ← w - η · g / √(v + ε).
 *
 * @param options `learningRate` (default 0.001), `rho` (default 0.9), `momentum` (default 0), `epsilon` (default 1e-7),
 *   `centered` (default false), and those of all optimizers
 *
 * @example
 * ```ts
 * const w = new Variable([1], { dtype: "float32" });
 * new RMSprop({ learningRate: 0.5, rho: 0.75 }).apply([[3]], [w]);
 * w.value.item().toFixed(3); // → "0.000"
 * ```
 */
export class RMSprop extends Optimizer {
  static override readonly className: string = "RMSprop";
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly centered: boolean;
  #velocities: Variable[] = [];
  #momentums: Variable[] = [];
  #averages: Variable[] = [];

  constructor(options: RMSpropOptions = {}) {
    checkOptions(new.target.className, options, [
      ...optimizerOptions,
      "rho",
      "momentum",
      "epsilon",
      "centered",
    ]);
    super({ learningRate: 0.001, ...options });
    this.rho = options.rho ?? 0.9;
    this.momentum = options.momentum ?? 0;
    this.epsilon = options.epsilon ?? 1e-7;
    this.centered = options.centered ?? false;
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    this.#velocities = this.addOptimizerVariables(variables, "velocity");
    if (this.momentum > 0) this.#momentums = this.addOptimizerVariables(variables, "momentum");
    if (this.centered) this.#averages = this.addOptimizerVariables(variables, "average_gradient");
  }

  override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const at = this.indexOf(variable);
    const { rho } = this;
    const velocity = this.#velocities[at]!;
    velocity.assign(add(multiply(rho, velocity), multiply(1 - rho, multiply(gradient, gradient))));
    const average = this.#averages[at];
    average?.assign(add(multiply(rho, average), multiply(1 - rho, gradient)));
    const spread = average === undefined ? velocity : subtract(velocity, multiply(average, average));
    const increment = divide(multiply(learningRate, gradient), sqrt(add(spread, this.epsilon)));
    const momentum = this.#momentums[at];
    momentum?.assign(add(multiply(this.momentum, momentum), increment));
    variable.assign(subtract(variable, momentum ?? increment));
  }

  override getConfig(): Config {
    const { rho, momentum, epsilon, centered } = this;
    return { ...super.getConfig(), rho, momentum, epsilon, centered };
  }
}
