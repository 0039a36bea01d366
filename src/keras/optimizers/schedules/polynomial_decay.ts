/** A learning rate that goes from one number to another along a power of time. */
import {
  add,
  cast,
  ceil,
  checkOptions,
  divide,
  equal,
  minimum,
  multiply,
  power,
  subtract,
  type Tensor,
  type TensorLike,
  where,
} from "../../../engine/index.ts";
import { floatx } from "../../config/config.ts";
import { type Config, fromConfig } from "../../saving/config.ts";
import { checkSteps, LearningRateSchedule } from "./learning_rate_schedule.ts";

/** Options of {@link PolynomialDecay}. */
export interface PolynomialDecayOptions {
  /** The learning rate at the end. Default 0.0001. */
  readonly endLearningRate?: number;
  /** The power: 1, the default, is a straight line. */
  readonly power?: number;
  /** Whether the rate rises again after `decaySteps`, with ever longer ways down. Default false. */
  readonly cycle?: boolean;
  /** What the schedule is called. Default `"PolynomialDecay"`. */
  readonly name?: string;
}

/**
 * Polynomial decay: (initial - end) · (1 - step / decaySteps)^power + end, and `end` from then on.
 *
 * @example
 * ```ts
 * new PolynomialDecay(0.75, 10, { endLearningRate: 0.25 })(5).item(); // → 0.5
 * ```
 */
export class PolynomialDecay extends LearningRateSchedule {
  static override readonly className: string = "PolynomialDecay";
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly endLearningRate: number;
  readonly power: number;
  readonly cycle: boolean;
  override readonly name: string;

  /**
   * @param options `endLearningRate` (default 0.0001), `power` (default 1), `cycle` (default false), `name`
   * @throws ValueError unless `decaySteps` is positive
   */
  constructor(initialLearningRate: number, decaySteps: number, options: PolynomialDecayOptions = {}) {
    super();
    checkOptions("PolynomialDecay", options, ["endLearningRate", "power", "cycle", "name"]);
    this.initialLearningRate = initialLearningRate;
    this.decaySteps = checkSteps("PolynomialDecay", "decaySteps", decaySteps);
    this.endLearningRate = options.endLearningRate ?? 0.0001;
    this.power = options.power ?? 1;
    this.cycle = options.cycle ?? false;
    this.name = options.name ?? "PolynomialDecay";
  }

  override call(step: TensorLike): Tensor {
    const at = cast(step, floatx());
    const rounds = where(equal(at, 0), 1, ceil(divide(at, this.decaySteps)));
    const done = this.cycle
      ? divide(at, multiply(this.decaySteps, rounds))
      : divide(minimum(at, this.decaySteps), this.decaySteps);
    const span = this.initialLearningRate - this.endLearningRate;
    return add(multiply(span, power(subtract(1, done), this.power)), this.endLearningRate);
  }

  override getConfig(): Config {
    const { initialLearningRate, decaySteps, endLearningRate, power, cycle, name } = this;
    return {
      initial_learning_rate: initialLearningRate,
      decay_steps: decaySteps,
      end_learning_rate: endLearningRate,
      power,
      cycle,
      name,
    };
  }

  static override fromConfig(config: Config): PolynomialDecay {
    const { initialLearningRate, decaySteps, ...options } = fromConfig(config);
    return new this(initialLearningRate as number, decaySteps as number, options);
  }
}
