/** Schedule-free AdamW: an average of the steps takes the place of a falling learning rate. */
import {
  add,
  checkOptions,
  divide,
  minimum,
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

/** Options of {@link ScheduleFreeAdamW}. */
export interface ScheduleFreeAdamWOptions extends OptimizerOptions {
  /** Where the weights stand between the newest step (0) and the average of all (1). Default 0.9. */
  readonly beta1?: number;
  /** How much of the mean of squared gradients is kept at each step. Default 0.999. */
  readonly beta2?: number;
  /** A small number that keeps the divisor from 0. Default 1e-8. */
  readonly epsilon?: number;
  /** Over how many steps the learning rate rises to its value. Default 0. */
  readonly warmupSteps?: number;
}

/**
 * Schedule-free AdamW (Defazio et al., 2024): z ← z - η · g / (√v̂ + ε), x ← (1 - 1/t) · x + z / t,
 * w ← (1 - β₁) · z + β₁ · x.
 *
 * @param options `learningRate` (default 0.0025), `beta1` (default 0.9), `beta2` (default 0.999), `epsilon` (default 1e-8),
 *   `warmupSteps` (default 0), and those of all optimizers
 *
 * @example
 * ```ts
 * const w = new Variable([1], { dtype: "float32" });
 * new ScheduleFreeAdamW({ learningRate: 0.5 }).apply([[3]], [w]);
 * w.value.item().toFixed(3); // → "0.500"
 * ```
 */
export class ScheduleFreeAdamW extends Optimizer {
  static override readonly className: string = "ScheduleFreeAdamW";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly warmupSteps: number;
  #momentums: Variable[] = [];
  #velocities: Variable[] = [];

  constructor(options: ScheduleFreeAdamWOptions = {}) {
    checkOptions(new.target.className, options, [
      ...optimizerOptions,
      ...["beta1", "beta2", "epsilon", "warmupSteps"],
    ]);
    super({ learningRate: 0.0025, ...options });
    this.beta1 = options.beta1 ?? 0.9;
    this.beta2 = options.beta2 ?? 0.999;
    this.epsilon = options.epsilon ?? 1e-8;
    this.warmupSteps = options.warmupSteps ?? 0;
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    const [momentums, velocities] = this.addOptimizerVariableGroups(variables, ["momentum", "velocity"]);
    this.#momentums = momentums!;
    this.#velocities = velocities!;
    // The sequence of steps begins where the weights are.
    momentums!.forEach((momentum, i) => momentum.assign(variables[i]!));
  }

  override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const at = this.indexOf(variable);
    const step = stepNumber(this, variable);
    const momentum = this.#momentums[at]!;
    const velocity = this.#velocities[at]!;
    const rate =
      this.warmupSteps > 0
        ? multiply(learningRate, minimum(divide(step, this.warmupSteps), 1))
        : learningRate;
    const before = momentum.value;
    velocity.assign(
      add(velocity, multiply(subtract(multiply(gradient, gradient), velocity), 1 - this.beta2)),
    );
    const divisor = add(sqrt(divide(velocity, correction(this.beta2, step))), this.epsilon);
    momentum.assign(subtract(momentum, divide(multiply(gradient, rate), divisor)));
    // The average is not kept: it is what the weights are made of besides the newest step.
    const average = divide(subtract(variable, multiply(before, 1 - this.beta1)), this.beta1);
    const share = divide(1, step);
    const next = add(multiply(average, subtract(1, share)), multiply(momentum, share));
    variable.assign(add(multiply(momentum, 1 - this.beta1), multiply(next, this.beta1)));
  }

  override getConfig(): Config {
    const { beta1, beta2, epsilon, warmupSteps } = this;
    return { ...super.getConfig(), beta_1: beta1, beta_2: beta2, epsilon, warmup_steps: warmupSteps };
  }
}
