/** Ftrl: follow the regularized leader. */
import {
  add,
  checkOptions,
  divide,
  maximum,
  minimum,
  multiply,
  power,
  show,
  subtract,
  type Tensor,
  ValueError,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import { Constant } from "../initializers/constant.ts";
import type { Config } from "../saving/config.ts";
import { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerOptions } from "./optimizer_options.ts";

/** Options of {@link Ftrl}. */
export interface FtrlOptions extends OptimizerOptions {
  /** How the learning rate falls with the sums of squared gradients; not positive. Default -0.5. */
  readonly learningRatePower?: number;
  /** What the sums of squared gradients start with. Default 0.1. */
  readonly initialAccumulatorValue?: number;
  /** How strongly weights are drawn to exactly 0. Default 0. */
  readonly l1RegularizationStrength?: number;
  /** How strongly large weights are penalized. Default 0. */
  readonly l2RegularizationStrength?: number;
  /** As `l2RegularizationStrength`, but added to the gradients. Default 0. */
  readonly l2ShrinkageRegularizationStrength?: number;
  /** Added to the roots of the sums of squared gradients, as in the paper. Default 0. */
  readonly beta?: number;
}

const names = [
  "learningRatePower",
  "initialAccumulatorValue",
  "l1RegularizationStrength",
  "l2RegularizationStrength",
  "l2ShrinkageRegularizationStrength",
  "beta",
] as const;

/**
 * Ftrl-proximal (McMahan et al., 2013), for large models with few features at a time; with L1 regularization many weights
 * become exactly 0.
 *
 * @param options `learningRate` (default 0.001), `learningRatePower` (default -0.5), `initialAccumulatorValue` (default
 *   0.1), `l1RegularizationStrength`, `l2RegularizationStrength`, `l2ShrinkageRegularizationStrength`, `beta` (default 0),
 *   and those of all optimizers
 *
 * @example
 * ```ts
 * const w = new Variable([0], { dtype: "float32" });
 * new Ftrl({ learningRate: 0.5, initialAccumulatorValue: 0 }).apply([[3]], [w]);
 * w.value.item().toFixed(3); // → "-0.500"
 * ```
 */
export class Ftrl extends Optimizer {
  static override readonly className: string = "Ftrl";
  readonly learningRatePower: number;
  readonly initialAccumulatorValue: number;
  readonly l1RegularizationStrength: number;
  readonly l2RegularizationStrength: number;
  readonly l2ShrinkageRegularizationStrength: number;
  readonly beta: number;
  #accumulators: Variable[] = [];
  #linears: Variable[] = [];

  /** @throws ValueError when a strength or the initial accumulator is negative, or `learningRatePower` positive */
  constructor(options: FtrlOptions = {}) {
    checkOptions(new.target.className, options, [...optimizerOptions, ...names]);
    super({ learningRate: 0.001, ...options });
    this.learningRatePower = options.learningRatePower ?? -0.5;
    this.initialAccumulatorValue = options.initialAccumulatorValue ?? 0.1;
    this.l1RegularizationStrength = options.l1RegularizationStrength ?? 0;
    this.l2RegularizationStrength = options.l2RegularizationStrength ?? 0;
    this.l2ShrinkageRegularizationStrength = options.l2ShrinkageRegularizationStrength ?? 0;
    this.beta = options.beta ?? 0;
    if (!(this.learningRatePower <= 0)) {
      throw new ValueError(
        `Ftrl: learningRatePower must be negative or 0. Received: learningRatePower=${show(this.learningRatePower)}`,
      );
    }
    for (const name of names.slice(1, 5)) {
      if (!(this[name] >= 0))
        throw new ValueError(`Ftrl: ${name} must be positive or 0. Received: ${name}=${show(this[name])}`);
    }
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    const initial = new Constant(this.initialAccumulatorValue);
    const [accumulators, linears] = this.addOptimizerVariableGroups(
      variables,
      ["accumulator", "linear"],
      [initial, "zeros"],
    );
    this.#accumulators = accumulators!;
    this.#linears = linears!;
  }

  override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const at = this.indexOf(variable);
    const accumulator = this.#accumulators[at]!;
    const linear = this.#linears[at]!;
    const l1 = this.l1RegularizationStrength;
    const l2 = add(divide(this.beta, multiply(2, learningRate)), this.l2RegularizationStrength);
    const shrunk = add(gradient, multiply(2 * this.l2ShrinkageRegularizationStrength, variable));
    const next = add(accumulator, multiply(gradient, gradient));
    const root = power(next, -this.learningRatePower);
    const sigma = divide(subtract(root, power(accumulator, -this.learningRatePower)), learningRate);
    linear.assign(add(linear, subtract(shrunk, multiply(sigma, variable))));
    const quadratic = add(divide(root, learningRate), multiply(2, l2));
    variable.assign(divide(subtract(minimum(maximum(linear, -l1), l1), linear), quadratic));
    accumulator.assign(next);
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      learning_rate_power: this.learningRatePower,
      initial_accumulator_value: this.initialAccumulatorValue,
      l1_regularization_strength: this.l1RegularizationStrength,
      l2_regularization_strength: this.l2RegularizationStrength,
      l2_shrinkage_regularization_strength: this.l2ShrinkageRegularizationStrength,
      beta: this.beta,
    };
  }
}
