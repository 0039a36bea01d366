/** Adadelta: steps in the scale of earlier steps. */
import {
  add,
  checkOptions,
  divide,
  multiply,
  negate,
  sqrt,
  type Tensor,
  type TensorLike,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import type { Config } from "../saving/config.ts";
import { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerOptions } from "./optimizer_options.ts";

/** Options of {@link Adadelta}. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** How much of the running means is kept at each step. Default 0.95. */
  readonly rho?: number;
  /** A small number that keeps roots and divisors from 0. Default 1e-7. */
  readonly epsilon?: number;
}

/**
 * Adadelta (Zeiler, 2012): Δ = -g · √(d + ε) / √(a + ε), w ← w + η · Δ, with the running means a of g² and d of Δ².
 *
 * @param options `learningRate` (default 0.001; the paper has 1), `rho` (default 0.95), `epsilon` (default 1e-7), and those
 *   of all optimizers
 *
 * @example
 * ```ts
 * const w = new Variable([1], { dtype: "float32" });
 * new Adadelta({ learningRate: 1 }).apply([[3]], [w]);
 * w.value.item() < 1; // → true
 * ```
 */
export class Adadelta extends Optimizer {
  static override readonly className: string = "Adadelta";
  readonly rho: number;
  readonly epsilon: number;
  #gradients: Variable[] = [];
  #deltas: Variable[] = [];

  constructor(options: AdadeltaOptions = {}) {
    checkOptions(new.target.className, options, [...optimizerOptions, "rho", "epsilon"]);
    super({ learningRate: 0.001, ...options });
    this.rho = options.rho ?? 0.95;
    this.epsilon = options.epsilon ?? 1e-7;
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    const names = ["accumulated_grad", "accumulated_delta_var"];
    const [gradients, deltas] = this.addOptimizerVariableGroups(variables, names);
    this.#gradients = gradients!;
    this.#deltas = deltas!;
  }

  #mean(of: Variable, x: Tensor): void {
    of.assign(add(multiply(this.rho, of), multiply(1 - this.rho, multiply(x, x))));
  }

  override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const at = this.indexOf(variable);
    const gradients = this.#gradients[at]!;
    const deltas = this.#deltas[at]!;
    const root = (x: TensorLike): Tensor => sqrt(add(x, this.epsilon));
    this.#mean(gradients, gradient);
    const delta = negate(divide(multiply(root(deltas), gradient), root(gradients)));
    this.#mean(deltas, delta);
    variable.assign(add(variable, multiply(learningRate, delta)));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), rho: this.rho, epsilon: this.epsilon };
  }
}
