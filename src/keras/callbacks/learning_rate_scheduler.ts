/** Sets the learning rate at the beginning of each epoch. */
import { checkOptions, show, ValueError } from "../../engine/index.ts";
import { printMsg } from "../utils/io_utils.ts";
import { Callback, type Logs } from "./callback.ts";
import { learningRateOf, optimizerOf } from "./optimizer_of.ts";

/** Options of {@link LearningRateScheduler}. */
export interface LearningRateSchedulerOptions {
  /** 1 prints each learning rate. Default 0. */
  readonly verbose?: 0 | 1;
}

/**
 * Sets the learning rate at the beginning of each epoch, and logs it at the end as `learning_rate`.
 *
 * @example
 * ```ts
 * const callback = new LearningRateScheduler((epoch, rate) => (epoch < 10 ? rate : rate * Math.exp(-0.1)));
 * callback.verbose; // → 0
 * ```
 */
export class LearningRateScheduler extends Callback {
  readonly schedule: (epoch: number, learningRate: number) => number;
  readonly verbose: 0 | 1;

  /**
   * @param schedule takes the number of the epoch, from 0, and the present learning rate, and gives the new one
   * @param options `verbose` (default 0)
   */
  constructor(
    schedule: (epoch: number, learningRate: number) => number,
    options: LearningRateSchedulerOptions = {},
  ) {
    super();
    checkOptions("LearningRateScheduler", options, ["verbose"]);
    if (typeof schedule !== "function") {
      throw new ValueError(
        `LearningRateScheduler: expected a function as schedule. Received: ${show(schedule)}`,
      );
    }
    this.schedule = schedule;
    this.verbose = options.verbose ?? 0;
  }

  /** @throws ValueError when the schedule does not give a finite number */
  override onEpochBegin(epoch: number): void {
    const rate = this.schedule(epoch, learningRateOf(this.model));
    if (!Number.isFinite(rate)) {
      throw new ValueError(
        `LearningRateScheduler: the schedule must give a finite number. Received: ${show(rate)} for epoch ${epoch}`,
      );
    }
    optimizerOf(this.model).learningRate = rate;
    if (this.verbose > 0)
      printMsg(`\nEpoch ${epoch + 1}: LearningRateScheduler setting learning rate to ${rate}.`);
  }

  override onEpochEnd(_epoch: number, logs: Logs = {}): void {
    logs["learning_rate"] = learningRateOf(this.model);
  }
}
