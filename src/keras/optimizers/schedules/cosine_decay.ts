/** A learning rate that falls along half a cosine wave, after an optional warm-up. */
import {
  add,
  cast,
  checkOptions,
  cos,
  divide,
  less,
  minimum,
  multiply,
  subtract,
  type Tensor,
  type TensorLike,
  where,
} from "../../../engine/index.ts";
import { floatx } from "../../config/config.ts";
import { type Config, fromConfig } from "../../saving/config.ts";
import { checkSteps, LearningRateSchedule } from "./learning_rate_schedule.ts";

/** Options of {@link CosineDecay}. */
export interface CosineDecayOptions {
  /** The share of the learning rate that is left at the end. Default 0. */
  readonly alpha?: number;
  /** What the schedule is called. Default `"CosineDecay"`. */
  readonly name?: string;
  /** The learning rate that the warm-up ends with, from which the decay starts. Default: no warm-up. */
  readonly warmupTarget?: number | null;
  /** How many steps the warm-up takes. Default 0. */
  readonly warmupSteps?: number;
}

/**
 * Cosine decay (Loshchilov and Hutter, 2016): initial · ((1 - α) · (1 + cos(π · step / decaySteps)) / 2 + α). With
 * `warmupTarget` the rate first rises to that, in a straight line.
 *
 * @example
 * ```ts
 * new CosineDecay(0.5, 10)(10).item(); // → 0
 * ```
 */
export class CosineDecay extends LearningRateSchedule {
  static override readonly className: string = "CosineDecay";
  readonly initialLearningRate: number;
  readonly decaySteps: number;
  readonly alpha: number;
  override readonly name: string;
  readonly warmupTarget: number | null;
  readonly warmupSteps: number;

  /**
   * @param decaySteps how many steps the decay takes
   * @param options `alpha` (default 0), `warmupTarget` (default none), `warmupSteps` (default 0), `name`
   * @throws ValueError unless `decaySteps` is positive
   */
  constructor(initialLearningRate: number, decaySteps: number, options: CosineDecayOptions = {}) {
    super();
    checkOptions("CosineDecay", options, ["alpha", "name", "warmupTarget", "warmupSteps"]);
    this.initialLearningRate = initialLearningRate;
    this.decaySteps = checkSteps("CosineDecay", "decaySteps", decaySteps);
    this.alpha = options.alpha ?? 0;
    this.name = options.name ?? "CosineDecay";
    this.warmupTarget = options.warmupTarget ?? null;
    this.warmupSteps = options.warmupSteps ?? 0;
  }

  #decayed(step: Tensor, from: number): Tensor {
    const wave = multiply(0.5, add(1, cos(multiply(Math.PI, divide(step, this.decaySteps)))));
    return multiply(from, add(multiply(1 - this.alpha, wave), this.alpha));
  }

  override call(step: TensorLike): Tensor {
    const at = cast(step, floatx());
    if (this.warmupTarget === null)
      return this.#decayed(minimum(at, this.decaySteps), this.initialLearningRate);
    const now = minimum(at, this.decaySteps + this.warmupSteps);
    const rise = this.warmupTarget - this.initialLearningRate;
    const warm = add(multiply(rise, divide(now, this.warmupSteps)), this.initialLearningRate);
    const after = this.#decayed(subtract(now, this.warmupSteps), this.warmupTarget);
    return where(less(now, this.warmupSteps), warm, after);
  }

  override getConfig(): Config {
    const { initialLearningRate, decaySteps, alpha, name, warmupTarget, warmupSteps } = this;
    return {
      initial_learning_rate: initialLearningRate,
      decay_steps: decaySteps,
      alpha,
      name,
      warmup_target: warmupTarget,
      warmup_steps: warmupSteps,
    };
  }

  static override fromConfig(config: Config): CosineDecay {
    const { initialLearningRate, decaySteps, ...options } = fromConfig(config);
    return new this(initialLearningRate as number, decaySteps as number, options);
  }
}
