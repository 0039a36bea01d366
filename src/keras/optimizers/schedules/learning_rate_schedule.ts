/** The base class of learning-rate schedules. */
import { show, type Tensor, type TensorLike, ValueError } from "../../../engine/index.ts";
import { type Config, fromConfig } from "../../saving/config.ts";
import { Callable } from "../../utils/callable.ts";

/** A schedule is called as `schedule(step)`. */
export interface LearningRateSchedule {
  /** The learning rate at a step. */
  (step: TensorLike): Tensor;
}

/**
 * Base of learning-rate schedules. A subclass says in `call` what the learning rate is after a number of steps; it must
 * compute with tensors alone, since it becomes part of compiled training.
 *
 * @example
 * ```ts
 * class Halving extends LearningRateSchedule {
 *   override call(step: TensorLike) {
 *     return ops.power(0.5, ops.cast(step, "float32"));
 *   }
 *   override getConfig() {
 *     return {};
 *   }
 * }
 * new Halving()(3).item(); // → 0.125
 * ```
 */
export abstract class LearningRateSchedule extends Callable {
  static readonly className: string = "LearningRateSchedule";

  constructor() {
    super("call");
  }

  /**
   * The learning rate.
   *
   * @param step how many steps were made before
   */
  abstract call(step: TensorLike): Tensor;

  /** The options, as Keras's JSON has them. */
  abstract getConfig(): Config;

  /** A schedule from its config; classes with other arguments than one object of options have their own. */
  static fromConfig(config: Config): LearningRateSchedule {
    const make = this as unknown as new (options: object) => LearningRateSchedule;
    return new make(fromConfig(config));
  }
}

/**
 * Checks a number of steps.
 *
 * @throws ValueError unless it is positive
 */
export function checkSteps(where: string, name: string, steps: number): number {
  if (steps > 0) return steps;
  throw new ValueError(`${where}: ${name} must be > 0. Received: ${name}=${show(steps)}`);
}
