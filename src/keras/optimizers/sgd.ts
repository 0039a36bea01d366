/** Gradient descent. */
import { add, checkOptions, multiply, show, subtract, type Tensor, ValueError } from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import type { Config } from "../saving/config.ts";
import { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerOptions } from "./optimizer_options.ts";

/** Options of {@link SGD}. */
export interface SGDOptions extends OptimizerOptions {
  /** How much of the last step is kept, from 0 to 1. Default 0. */
  readonly momentum?: number;
  /** Whether the momentum of this step counts already (Nesterov). Default false. */
  readonly nesterov?: boolean;
}

/**
 * Gradient descent, with momentum if wanted: v ← momentum · v - η · g, w ← w + v; with Nesterov's momentum
 * w ← w + momentum · v - η · g.
 *
 * @param options `learningRate` (default 0.01), `momentum` (default 0), `nesterov` (default false), and those of all
 *   optimizers
 *
 * @example
 * ```ts
 * const w = new Variable([1], { dtype: "float32" });
 * new SGD({ learningRate: 0.5 }).apply([[1]], [w]);
 * w.value.arraySync(); // → [0.5]
 * ```
 */
export class SGD extends Optimizer {
  static override readonly className: string = "SGD";
  readonly momentum: number;
  readonly nesterov: boolean;
  #momentums: Variable[] = [];

  /** @throws ValueError unless `momentum` lies between 0 and 1 */
  constructor(options: SGDOptions = {}) {
    checkOptions(new.target.className, options, [...optimizerOptions, "momentum", "nesterov"]);
    super({ learningRate: 0.01, ...options });
    const { momentum = 0, nesterov = false } = options;
    if (!(momentum >= 0 && momentum <= 1)) {
      throw new ValueError(`SGD: momentum lies between 0 and 1. Received: momentum=${show(momentum)}`);
    }
    this.momentum = momentum;
    this.nesterov = nesterov;
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    if (this.momentum !== 0) this.#momentums = this.addOptimizerVariables(variables, "momentum");
  }

  override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const step = multiply(gradient, learningRate);
    const velocity = this.#momentums[this.indexOf(variable)];
    if (velocity === undefined) {
      variable.assignSub(step);
      return;
    }
    velocity.assign(subtract(multiply(velocity, this.momentum), step));
    variable.assign(
      this.nesterov
        ? add(variable, subtract(multiply(velocity, this.momentum), step))
        : add(variable, velocity),
    );
  }

  override getConfig(): Config {
    return { ...super.getConfig(), momentum: this.momentum, nesterov: this.nesterov };
  }
}
