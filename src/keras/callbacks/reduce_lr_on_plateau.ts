/** Makes the learning rate smaller when a value stops getting better. */
import { checkOptions, show, ValueError } from "../../engine/index.ts";
import { printMsg } from "../utils/io_utils.ts";
import type { CallbackState, Logs } from "./callback.ts";
import { MonitorCallback, type MonitorOptions } from "./monitor_callback.ts";
import { learningRateOf, optimizerOf } from "./optimizer_of.ts";

/** Options of {@link ReduceLROnPlateau}. */
export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** What the learning rate is multiplied with; less than 1. Default 0.1. */
  readonly factor?: number;
  /** After how many epochs that are not better it is made smaller. Default 10. */
  readonly patience?: number;
  /** 1 prints each new learning rate. Default 0. */
  readonly verbose?: 0 | 1;
  /** For how many epochs after a change none are counted. Default 0. */
  readonly cooldown?: number;
  /** The smallest learning rate. Default 0. */
  readonly minLr?: number;
}

/**
 * Makes the learning rate smaller when a value has stopped getting better, and logs it as `learning_rate`.
 *
 * @param options `monitor` (default `"val_loss"`), `factor` (default 0.1), `patience` (default 10), `verbose` (default 0),
 *   `mode` (default `"auto"`), `minDelta` (default 0.0001), `cooldown` (default 0), `minLr` (default 0)
 *
 * @example
 * ```ts
 * const callback = new ReduceLROnPlateau({ monitor: "loss", factor: 0.2, patience: 5, minLr: 0.001 });
 * callback.factor; // → 0.2
 * ```
 */
export class ReduceLROnPlateau extends MonitorCallback {
  readonly factor: number;
  readonly patience: number;
  readonly verbose: 0 | 1;
  readonly cooldown: number;
  readonly minLr: number;
  /** For how many more epochs none are counted. */
  cooldownCounter = 0;
  /** How many epochs in a row were not better. */
  wait = 0;

  /** @throws ValueError unless `factor` is less than 1 */
  constructor(options: ReduceLROnPlateauOptions = {}) {
    const names = ["monitor", "factor", "patience", "verbose", "mode", "minDelta", "cooldown", "minLr"];
    checkOptions("ReduceLROnPlateau", options, names);
    super("ReduceLROnPlateau", { minDelta: 1e-4, ...options });
    this.factor = options.factor ?? 0.1;
    this.patience = options.patience ?? 10;
    this.verbose = options.verbose ?? 0;
    this.cooldown = options.cooldown ?? 0;
    this.minLr = options.minLr ?? 0;
    if (!(this.factor < 1)) {
      throw new ValueError(
        `ReduceLROnPlateau: factor must be less than 1. Received: factor=${show(this.factor)}`,
      );
    }
  }

  override onTrainBegin(): void {
    this.best = null;
    this.cooldownCounter = 0;
    this.wait = 0;
  }

  override getState(): CallbackState {
    const { best, cooldownCounter, wait } = this;
    return { best, cooldownCounter, wait };
  }

  override setState(state: CallbackState): void {
    this.best = state["best"] as number | null;
    this.cooldownCounter = state["cooldownCounter"] as number;
    this.wait = state["wait"] as number;
  }

  #reduce(epoch: number): boolean {
    const old = learningRateOf(this.model);
    if (old <= Math.fround(this.minLr)) return false;
    const rate = Math.max(old * this.factor, this.minLr);
    optimizerOf(this.model).learningRate = rate;
    if (this.verbose > 0)
      printMsg(`\nEpoch ${epoch + 1}: ReduceLROnPlateau reducing learning rate to ${rate}.`);
    return true;
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): void {
    logs["learning_rate"] = learningRateOf(this.model);
    const current = this.monitored(logs, "Learning rate reduction is");
    if (current === undefined) return;
    if (this.cooldownCounter > 0) {
      this.cooldownCounter--;
      this.wait = 0;
    }
    if (this.isImprovement(current, this.best)) {
      this.best = current;
      this.wait = 0;
    } else if (this.cooldownCounter === 0) {
      this.wait++;
      if (this.wait >= this.patience && this.#reduce(epoch)) {
        this.cooldownCounter = this.cooldown;
        this.wait = 0;
      }
    }
  }
}
