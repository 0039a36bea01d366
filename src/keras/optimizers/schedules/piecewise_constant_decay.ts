/** A learning rate that is constant between boundaries. */
import {
  checkOptions,
  greater,
  show,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
  where,
} from "../../../engine/index.ts";
import { floatx } from "../../config/config.ts";
import { type Config, fromConfig } from "../../saving/config.ts";
import { LearningRateSchedule } from "./learning_rate_schedule.ts";

/** Options of {@link PiecewiseConstantDecay}. */
export interface PiecewiseConstantDecayOptions {
  /** What the schedule is called. Default `"PiecewiseConstant"`. */
  readonly name?: string;
}

/**
 * A learning rate for each stretch of steps: `values[0]` up to and with step `boundaries[0]`, then `values[1]`, and so on.
 *
 * @example
 * ```ts
 * const schedule = new PiecewiseConstantDecay([100, 200], [0.5, 0.25, 0.125]);
 * [schedule(100).item(), schedule(101).item(), schedule(999).item()]; // → [0.5, 0.25, 0.125]
 * ```
 */
export class PiecewiseConstantDecay extends LearningRateSchedule {
  static override readonly className: string = "PiecewiseConstantDecay";
  readonly boundaries: readonly number[];
  readonly values: readonly number[];
  override readonly name: string;

  /**
   * @param boundaries the last step of each stretch but the last, in rising order
   * @param values the learning rate of each stretch: one more than boundaries
   * @param options `name`
   * @throws ValueError when the numbers of boundaries and values do not fit
   */
  constructor(
    boundaries: readonly number[],
    values: readonly number[],
    options: PiecewiseConstantDecayOptions = {},
  ) {
    super();
    checkOptions("PiecewiseConstantDecay", options, ["name"]);
    if (boundaries.length === 0 || boundaries.length !== values.length - 1) {
      throw new ValueError(
        `PiecewiseConstantDecay: expected at least one boundary, and one value more than boundaries. Received: boundaries=${show(boundaries)}, values=${show(values)}`,
      );
    }
    this.boundaries = [...boundaries];
    this.values = [...values];
    this.name = options.name ?? "PiecewiseConstant";
  }

  override call(step: TensorLike): Tensor {
    const at = toTensor(step);
    // A boundary is compared in the dtype of the step: whole numbers of any size stay exact.
    return this.boundaries.reduce(
      (rate, boundary, i) =>
        where(greater(at, toTensor(boundary, at.dtype)), toTensor(this.values[i + 1]!, floatx()), rate),
      toTensor(this.values[0]!, floatx()),
    );
  }

  override getConfig(): Config {
    return { boundaries: this.boundaries, values: this.values, name: this.name };
  }

  static override fromConfig(config: Config): PiecewiseConstantDecay {
    const { boundaries, values, ...options } = fromConfig(config);
    return new this(boundaries as number[], values as number[], options);
  }
}
