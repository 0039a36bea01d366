/** A learning rate that falls along half cosine waves, again and again. */
import {
  add,
  cast,
  checkOptions,
  cos,
  divide,
  floor,
  log,
  multiply,
  power,
  subtract,
  type Tensor,
  type TensorLike,
} from "../../../engine/index.ts";
import { floatx } from "../../config/config.ts";
import { type Config, fromConfig } from "../../saving/config.ts";
import { checkSteps, LearningRateSchedule } from "./learning_rate_schedule.ts";

/** Options of {@link CosineDecayRestarts}. */
export interface CosineDecayRestartsOptions {
  /** How many times longer each period is than the one before. Default 2. */
  readonly tMul?: number;
  /** How many times higher each period starts than the one before. Default 1. */
  readonly mMul?: number;
  /** The share of the learning rate that is left at the end of a period. Default 0. */
  readonly alpha?: number;
  /** What the schedule is called. Default `"SGDRDecay"`. */
  readonly name?: string;
}

/**
 * Cosine decay with warm restarts (Loshchilov and Hutter, 2016): when the wave has fallen, the next period starts at the
 * top, `tMul` times as long and `mMul` times as high.
 *
 * @example
 * ```ts
 * const schedule = new CosineDecayRestarts(0.5, 10, { tMul: 1 });
 * [schedule(0).item(), schedule(10).item()]; // → [0.5, 0.5]
 * ```
 */
export class CosineDecayRestarts extends LearningRateSchedule {
  static override readonly className: string = "CosineDecayRestarts";
  readonly initialLearningRate: number;
  readonly firstDecaySteps: number;
  readonly tMul: number;
  readonly mMul: number;
  readonly alpha: number;
  override readonly name: string;

  /**
   * @param firstDecaySteps how many steps the first period takes
   * @param options `tMul` (default 2), `mMul` (default 1), `alpha` (default 0), `name`
   * @throws ValueError unless `firstDecaySteps` is positive
   */
  constructor(
    initialLearningRate: number,
    firstDecaySteps: number,
    options: CosineDecayRestartsOptions = {},
  ) {
    super();
    checkOptions("CosineDecayRestarts", options, ["tMul", "mMul", "alpha", "name"]);
    this.initialLearningRate = initialLearningRate;
    this.firstDecaySteps = checkSteps("CosineDecayRestarts", "firstDecaySteps", firstDecaySteps);
    this.tMul = options.tMul ?? 2;
    this.mMul = options.mMul ?? 1;
    this.alpha = options.alpha ?? 0;
    this.name = options.name ?? "SGDRDecay";
  }

  /** How many periods are over, and how much of the present one. */
  #place(periods: Tensor): { readonly restarts: Tensor; readonly done: Tensor } {
    if (this.tMul === 1) {
      const restarts = floor(periods);
      return { restarts, done: subtract(periods, restarts) };
    }
    const restarts = floor(divide(log(subtract(1, multiply(periods, 1 - this.tMul))), Math.log(this.tMul)));
    const length = power(this.tMul, restarts);
    const before = divide(subtract(1, length), 1 - this.tMul);
    return { restarts, done: divide(subtract(periods, before), length) };
  }

  override call(step: TensorLike): Tensor {
    const { restarts, done } = this.#place(divide(cast(step, floatx()), this.firstDecaySteps));
    const wave = multiply(multiply(0.5, power(this.mMul, restarts)), add(1, cos(multiply(Math.PI, done))));
    return multiply(this.initialLearningRate, add(multiply(1 - this.alpha, wave), this.alpha));
  }

  override getConfig(): Config {
    const { initialLearningRate, firstDecaySteps, tMul, mMul, alpha, name } = this;
    return {
      initial_learning_rate: initialLearningRate,
      first_decay_steps: firstDecaySteps,
      t_mul: tMul,
      m_mul: mMul,
      alpha,
      name,
    };
  }

  static override fromConfig(config: Config): CosineDecayRestarts {
    const { initialLearningRate, firstDecaySteps, ...options } = fromConfig(config);
    return new this(initialLearningRate as number, firstDecaySteps as number, options);
  }
}
