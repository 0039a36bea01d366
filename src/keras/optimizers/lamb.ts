/** Lamb: Adam whose steps are in the scale of each weight. */
import {
  add,
  checkOptions,
  divide,
  greater,
  multiply,
  sqrt,
  subtract,
  sum,
  type Tensor,
  type TensorLike,
  where,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import type { Config } from "../saving/config.ts";
import { correction, stepNumber } from "./bias_correction.ts";
import { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerOptions } from "./optimizer_options.ts";

/** Options of {@link Lamb}. */
export interface LambOptions extends OptimizerOptions {
  /** How much of the mean of gradients is kept at each step. Default 0.9. */
  readonly beta1?: number;
  /** How much of the mean of squared gradients is kept at each step. Default 0.999. */
  readonly beta2?: number;
  /** A small number that keeps the divisor from 0. Default 1e-7. */
  readonly epsilon?: number;
}

function norm(x: TensorLike): Tensor {
  return sqrt(sum(multiply(x, x)));
}

/**
 * Lamb (You et al., 2019): Adam's step u, scaled so that its norm is that of the weight: w ← w - η · u · ‖w‖ / ‖u‖.
 *
 * @param options `learningRate` (default 0.001), `beta1` (default 0.9), `beta2` (default 0.999), `epsilon` (default 1e-7),
 *   and those of all optimizers
 *
 * @example
 * ```ts
 * const w = new Variable([2], { dtype: "float32" });
 * new Lamb({ learningRate: 0.5 }).apply([[3]], [w]);
 * w.value.item().toFixed(3); // → "1.000"
 * ```
 */
export class Lamb extends Optimizer {
  static override readonly className: string = "Lamb";
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  #momentums: Variable[] = [];
  #velocities: Variable[] = [];

  constructor(options: LambOptions = {}) {
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
  }

  override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const at = this.indexOf(variable);
    const step = stepNumber(this, variable);
    const m = this.#momentums[at]!;
    const v = this.#velocities[at]!;
    m.assign(add(m, multiply(subtract(gradient, m), 1 - this.beta1)));
    v.assign(add(v, multiply(subtract(multiply(gradient, gradient), v), 1 - this.beta2)));
    const size = add(sqrt(divide(v, correction(this.beta2, step))), this.epsilon);
    const update = divide(divide(m, correction(this.beta1, step)), size);
    const weightNorm = norm(variable);
    const updateNorm = norm(update);
    const ratio = where(
      greater(weightNorm, 0),
      where(greater(updateNorm, 0), divide(weightNorm, updateNorm), 1),
      1,
    );
    variable.assign(subtract(variable, multiply(multiply(ratio, learningRate), update)));
  }

  override getConfig(): Config {
    const { beta1, beta2, epsilon } = this;
    return { ...super.getConfig(), beta_1: beta1, beta_2: beta2, epsilon };
  }
}
