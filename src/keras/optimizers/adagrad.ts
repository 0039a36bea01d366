/** Adagrad: weights that changed much before change less. */
import { add, checkOptions, divide, multiply, sqrt, subtract, type Tensor } from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import { Constant } from "../initializers/constant.ts";
import type { Config } from "../saving/config.ts";
import { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerOptions } from "./optimizer_options.ts";

/** Options of {@link Adagrad}. */
export interface AdagradOptions extends OptimizerOptions {
  /** What the sums of squared gradients start with. Default 0.1. */
  readonly initialAccumulatorValue?: number;
  /** A small number that keeps the divisor from 0. Default 1e-7. */
  readonly epsilon?: number;
}

/**
 * Adagrad (Duchi et al., 2011): a ← a + g², w ← w - η · g / √(a + ε).
 *
 * @param options `learningRate` (default 0.001), `initialAccumulatorValue` (default 0.1), `epsilon` (default 1e-7), and
 *   those of all optimizers
 *
 * @example
 * ```ts
 * const w = new Variable([1], { dtype: "float32" });
 * new Adagrad({ learningRate: 0.5, initialAccumulatorValue: 0 }).apply([[3]], [w]);
 * w.value.item().toFixed(3); // → "0.500"
 * ```
 */
export class Adagrad extends Optimizer {
  static override readonly className: string = "Adagrad";
  readonly initialAccumulatorValue: number;
  readonly epsilon: number;
  #accumulators: Variable[] = [];

  constructor(options: AdagradOptions = {}) {
    checkOptions(new.target.className, options, [...optimizerOptions, "initialAccumulatorValue", "epsilon"]);
    super({ learningRate: 0.001, ...options });
    this.initialAccumulatorValue = options.initialAccumulatorValue ?? 0.1;
    this.epsilon = options.epsilon ?? 1e-7;
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    const initial = new Constant(this.initialAccumulatorValue);
    this.#accumulators = this.addOptimizerVariables(variables, "accumulator", initial);
  }

  override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const accumulator = this.#accumulators[this.indexOf(variable)]!;
    accumulator.assign(add(accumulator, multiply(gradient, gradient)));
    const step = divide(multiply(learningRate, gradient), sqrt(add(accumulator, this.epsilon)));
    variable.assign(subtract(variable, step));
  }

  override getConfig(): Config {
    const { initialAccumulatorValue, epsilon } = this;
    return { ...super.getConfig(), initial_accumulator_value: initialAccumulatorValue, epsilon };
  }
}
