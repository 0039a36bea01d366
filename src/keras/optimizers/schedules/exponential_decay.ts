/** A learning rate that shrinks by the same factor again and again. */
import {
  cast,
  checkOptions,
  divide,
  floor,
  multiply,
  power,
  type Tensor,
  type TensorLike,
} from "../../../engine/index.ts";
import { floatx } from "../../config/config.ts";
import { type Config, fromConfig } from "../../saving/config.ts";
import { checkSteps, LearningRateSchedule } from "./learning_rate_schedule.ts";

/** Options of {@link ExponentialDecay}. */
export interface ExponentialDecayOptions {
  /** Whether the rate changes only every `decaySteps` steps. Default false. */
  readonly staircase?: boolean;
  /** What the schedule is called. Default `"ExponentialDecay"`. */
  readonly name?: string;
}

/**
 * Exponential decay: initialLearningRate · decayRate^(step / decaySteps).
 *
 * @example
 * ```ts
 * new ExponentialDecay(0.5, 10, 0.5)(20).item(); // → 0.125
 * ```
 */
export class ExponentialDecay extends LearningRateSchedule {
  static override readonly className: string = "ExponentialDecay";
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly decayRate: number;
  readonly staircase: boolean;
  override readonly name: string;

  /**
   * @param decaySteps after how many steps the rate was multiplied with `decayRate` once
   * @param options `staircase` (default false), `name`
   * @throws ValueError unless `decaySteps` is positive
   */
  constructor(
    initialLearningRate: number,
    decaySteps: number,
    decayRate: number,
    options: ExponentialDecayOptions = {},
  ) {
    super();
    checkOptions("ExponentialDecay", options, ["staircase", "name"]);
    this.initialLearningRate = initialLearningRate;
    this.decaySteps = checkSteps("ExponentialDecay", "decaySteps", decaySteps);
    this.decayRate = decayRate;
    this.staircase = options.staircase ?? false;
    this.name = options.name ?? "ExponentialDecay";
  }

  override call(step: TensorLike): Tensor {
    const share = divide(cast(step, floatx()), this.decaySteps);
    const periods = this.staircase ? floor(share) : share;
    return multiply(this.initialLearningRate, power(this.decayRate, periods));
  }

  override getConfig(): Config {
    const { initialLearningRate, decaySteps, decayRate, staircase, name } = this;
    return {
      initial_learning_rate: initialLearningRate,
      decay_steps: decaySteps,
      decay_rate: decayRate,
      staircase,
      name,
    };
  }

  static override fromConfig(config: Config): ExponentialDecay {
    const { initialLearningRate, decaySteps, decayRate, ...options } = fromConfig(config);
    return new this(initialLearningRate as number, decaySteps as number, decayRate as number, options);
  }
}
