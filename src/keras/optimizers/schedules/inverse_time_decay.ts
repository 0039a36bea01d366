/** A learning rate that shrinks as 1 / (1 + rate · time). */
import {
  add,
  cast,
  checkOptions,
  divide,
  floor,
  multiply,
  type Tensor,
  type TensorLike,
} from "../../../engine/index.ts";
import { floatx } from "../../config/config.ts";
import { type Config, fromConfig } from "../../saving/config.ts";
import { checkSteps, LearningRateSchedule } from "./learning_rate_schedule.ts";

/** Options of {@link InverseTimeDecay}. */
export interface InverseTimeDecayOptions {
  /** Whether the rate changes only every `decaySteps` steps. Default false. */
  readonly staircase?: boolean;
  /** What the schedule is called. Default `"InverseTimeDecay"`. */
  readonly name?: string;
}

/**
 * Inverse time decay: initialLearningRate / (1 + decayRate · step / decaySteps).
 *
 * @example
 * ```ts
 * new InverseTimeDecay(0.5, 10, 0.5)(20).item(); // → 0.25
 * ```
 */
export class InverseTimeDecay extends LearningRateSchedule {
  static override readonly className: string = "InverseTimeDecay";
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly decayRate: number;
  readonly staircase: boolean;
  override readonly name: string;

  /**
   * @param decaySteps the unit of time
   * @param options `staircase` (default false), `name`
   * @throws ValueError unless `decaySteps` is positive
   */
  constructor(
    initialLearningRate: number,
    decaySteps: number,
    decayRate: number,
    options: InverseTimeDecayOptions = {},
  ) {
    super();
    checkOptions("InverseTimeDecay", options, ["staircase", "name"]);
    this.initialLearningRate = initialLearningRate;
    this.decaySteps = checkSteps("InverseTimeDecay", "decaySteps", decaySteps);
    this.decayRate = decayRate;
    this.staircase = options.staircase ?? false;
    this.name = options.name ?? "InverseTimeDecay";
  }

  override call(step: TensorLike): Tensor {
    const share = divide(cast(step, floatx()), this.decaySteps);
    const periods = this.staircase ? floor(share) : share;
    return divide(this.initialLearningRate, add(1, multiply(this.decayRate, periods)));
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

  static override fromConfig(config: Config): InverseTimeDecay {
    const { initialLearningRate, decaySteps, decayRate, ...options } = fromConfig(config);
    return new this(initialLearningRate as number, decaySteps as number, decayRate as number, options);
  }
}
