/** Adafactor: second moments of matrices kept as one row and one column. */
import {
  add,
  checkOptions,
  divide,
  maximum,
  minimum,
  multiply,
  power,
  rsqrt,
  sqrt,
  subtract,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import type { Config } from "../saving/config.ts";
import { stepNumber } from "./bias_correction.ts";
import { Optimizer } from "./optimizer.ts";
import { type OptimizerOptions, optimizerOptions } from "./optimizer_options.ts";

/** Options of {@link Adafactor}. */
export interface AdafactorOptions extends OptimizerOptions {
  /** How fast the share of the newest gradient falls: step^beta2Decay. Default -0.8. */
  readonly beta2Decay?: number;
  /** A small number added to squared gradients. Default 1e-30. */
  readonly epsilon1?: number;
  /** The least scale of a weight. Default 1e-3. */
  readonly epsilon2?: number;
  /** The largest root mean square of a step. Default 1. */
  readonly clipThreshold?: number;
  /** Whether the learning rate, if it is a number, falls as 1 / √step from some step on. Default true. */
  readonly relativeStep?: boolean;
}

const names = ["beta2Decay", "epsilon1", "epsilon2", "clipThreshold", "relativeStep"];

function rootMeanSquare(x: TensorLike): Tensor {
  return sqrt(multiply(x, x).mean());
}

/**
 * Adafactor (Shazeer and Stern, 2018): as Adam without momentum, but of the squared gradients of a matrix only the means of
 * rows and columns are kept.
 *
 * @param options `learningRate` (default 0.001), `beta2Decay` (default -0.8), `epsilon1` (default 1e-30), `epsilon2`
 *   (default 1e-3), `clipThreshold` (default 1), `relativeStep` (default true), and those of all optimizers
 *
 * @example
 * ```ts
 * const w = new Variable([1], { dtype: "float32" });
 * new Adafactor({ learningRate: 0.5 }).apply([[3]], [w]);
 * w.value.item().toFixed(3); // → "0.500"
 * ```
 */
export class Adafactor extends Optimizer {
  static override readonly className: string = "Adafactor";
  readonly beta2Decay: number;
  readonly epsilon1: number;
  readonly epsilon2: number;
  readonly clipThreshold: number;
  readonly relativeStep: boolean;
  #slots: { readonly rows: Variable; readonly columns: Variable; readonly velocity: Variable }[] = [];

  constructor(options: AdafactorOptions = {}) {
    checkOptions(new.target.className, options, [...optimizerOptions, ...names]);
    super({ learningRate: 0.001, ...options });
    this.beta2Decay = options.beta2Decay ?? -0.8;
    this.epsilon1 = options.epsilon1 ?? 1e-30;
    this.epsilon2 = options.epsilon2 ?? 1e-3;
    this.clipThreshold = options.clipThreshold ?? 1;
    this.relativeStep = options.relativeStep ?? true;
  }

  override build(variables: readonly Variable[]): void {
    if (this.built) return;
    super.build(variables);
    this.#slots = variables.map((v) => {
      const { shape, dtype, name } = v;
      const matrix = shape.length >= 2;
      // Vectors have no rows and columns; Keras keeps scalars in their place.
      return {
        rows: this.addVariable(matrix ? shape.slice(0, -1) : [], { dtype, name }),
        columns: this.addVariable(matrix ? shape.toSpliced(-2, 1) : [], { dtype, name }),
        velocity: v.overwriteWithGradient ? v : this.addVariableFromReference(v, "velocity"),
      };
    });
  }

  override updateStep(gradient: Tensor, variable: Variable, learningRate: Tensor): void {
    const { rows, columns, velocity } = this.#slots[this.indexOf(variable)]!;
    const step = stepNumber(this, variable);
    const falling = rsqrt(step);
    const relative = this.relativeStep && !this.hasComputedLearningRate;
    const rate = relative ? minimum(learningRate, falling) : learningRate;
    const alpha = multiply(maximum(this.epsilon2, rootMeanSquare(variable)), minimum(rate, falling));
    const beta2 = subtract(1, power(step, toTensor(this.beta2Decay, step.dtype)));
    const squares = add(multiply(gradient, gradient), this.epsilon1);
    const running = (before: TensorLike, now: TensorLike): Tensor =>
      add(multiply(beta2, before), multiply(subtract(1, beta2), now));
    if (variable.shape.length >= 2) {
      rows.assign(running(rows, squares.mean(-1)));
      columns.assign(running(columns, squares.mean(-2)));
      const share = divide(rows, rows.value.mean(-1, { keepdims: true }));
      const column = columns.value.reshape([
        ...columns.shape.slice(0, -1),
        1,
        columns.shape[columns.shape.length - 1]!,
      ]);
      velocity.assign(multiply(share.reshape([...share.shape, 1]), column));
    } else {
      velocity.assign(running(velocity, squares));
    }
    const update = divide(gradient, sqrt(velocity));
    const size = maximum(1, divide(rootMeanSquare(update), this.clipThreshold));
    variable.assign(subtract(variable, multiply(alpha, divide(update, size))));
  }

  override getConfig(): Config {
    const { beta2Decay, epsilon1, epsilon2, clipThreshold, relativeStep } = this;
    return {
      ...super.getConfig(),
      beta_2_decay: beta2Decay,
      epsilon_1: epsilon1,
      epsilon_2: epsilon2,
      clip_threshold: clipThreshold,
      relative_step: relativeStep,
    };
  }
}
