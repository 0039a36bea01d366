/** Ends training when a value stops getting better. */
import { checkOptions, type Tensor } from "../../engine/index.ts";
import { printMsg } from "../utils/io_utils.ts";
import type { CallbackState, Logs } from "./callback.ts";
import { MonitorCallback, type MonitorOptions } from "./monitor_callback.ts";

/** Options of {@link EarlyStopping}. */
export interface EarlyStoppingOptions extends MonitorOptions {
  /** After how many epochs that are not better training ends. Default 0. */
  readonly patience?: number;
  /** 1 prints what happens. Default 0. */
  readonly verbose?: 0 | 1;
  /** A value that must be reached, or training ends. Default: none. */
  readonly baseline?: number | null;
  /** Whether the weights of the best epoch are put back at the end. Default false. */
  readonly restoreBestWeights?: boolean;
  /** The first epoch that counts. Default 0. */
  readonly startFromEpoch?: number;
}

const names = [
  "monitor",
  "minDelta",
  "patience",
  "verbose",
  "mode",
  "baseline",
  "restoreBestWeights",
  "startFromEpoch",
];

/**
 * Ends training when a value has stopped getting better.
 *
 * @param options `monitor` (default `"val_loss"`), `minDelta` (default 0), `patience` (default 0), `verbose` (default 0),
 *   `mode` (default `"auto"`), `baseline` (default none), `restoreBestWeights` (default false), `startFromEpoch` (default
 *   0)
 *
 * @example
 * ```ts
 * const callback = new EarlyStopping({ monitor: "loss", patience: 3 });
 * callback.patience; // → 3
 * ```
 */
export class EarlyStopping extends MonitorCallback {
  readonly patience: number;
  readonly verbose: 0 | 1;
  readonly baseline: number | null;
  readonly restoreBestWeights: boolean;
  readonly startFromEpoch: number;
  /** How many epochs in a row were not better. */
  wait = 0;
  /** The epoch after which training ended, 0 if it did not. */
  stoppedEpoch = 0;
  /** The epoch, from 0, whose value was the best. */
  bestEpoch = 0;
  #bestWeights: readonly Tensor[] | undefined;

  /** @throws ValueError for an unknown option or mode */
  constructor(options: EarlyStoppingOptions = {}) {
    checkOptions("EarlyStopping", options, names);
    super("EarlyStopping", options);
    this.patience = options.patience ?? 0;
    this.verbose = options.verbose ?? 0;
    this.baseline = options.baseline ?? null;
    this.restoreBestWeights = options.restoreBestWeights ?? false;
    this.startFromEpoch = options.startFromEpoch ?? 0;
  }

  override onTrainBegin(): void {
    this.wait = 0;
    this.stoppedEpoch = 0;
    this.best = null;
    this.bestEpoch = 0;
    this.#bestWeights = undefined;
  }

  override getState(): CallbackState {
    const { wait, stoppedEpoch, best, bestEpoch } = this;
    return { wait, stoppedEpoch, best, bestEpoch, bestWeights: this.#bestWeights ?? null };
  }

  override setState(state: CallbackState): void {
    this.wait = state["wait"] as number;
    this.stoppedEpoch = state["stoppedEpoch"] as number;
    this.best = state["best"] as number | null;
    this.bestEpoch = state["bestEpoch"] as number;
    this.#bestWeights = (state["bestWeights"] ?? undefined) as readonly Tensor[] | undefined;
  }

  #remember(epoch: number): void {
    this.bestEpoch = epoch;
    if (this.restoreBestWeights) this.#bestWeights = this.model.getWeights();
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): void {
    const current = this.monitored(logs, "Early stopping");
    if (current === undefined || epoch < this.startFromEpoch) return;
    if (this.restoreBestWeights && this.#bestWeights === undefined) this.#remember(epoch);
    this.wait++;
    if (this.isImprovement(current, this.best)) {
      this.best = current;
      this.#remember(epoch);
      if (this.baseline === null || this.isImprovement(current, this.baseline)) this.wait = 0;
      return;
    }
    if (this.wait >= this.patience && epoch > 0) {
      this.stoppedEpoch = epoch;
      this.model.stopTraining = true;
    }
  }

  override onTrainEnd(): void {
    if (this.stoppedEpoch > 0 && this.verbose > 0) printMsg(`Epoch ${this.stoppedEpoch + 1}: early stopping`);
    if (this.#bestWeights === undefined) return;
    if (this.verbose > 0)
      printMsg(`Restoring model weights from the end of the best epoch: ${this.bestEpoch + 1}.`);
    this.model.setWeights(this.#bestWeights);
  }
}
