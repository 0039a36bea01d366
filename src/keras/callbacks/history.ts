/** Keeps what training logged. */
import { defineDisplay } from "../../engine/index.ts";
import { Callback, type CallbackState, type Logs, type PastEpochs } from "./callback.ts";

/**
 * The record of a training: `fit` returns it.
 *
 * @example
 * ```ts
 * const history = new History();
 * history.onTrainBegin();
 * history.onEpochEnd(0, { loss: 0.5 });
 * history.onEpochEnd(1, { loss: 0.25 });
 * history.history; // → { loss: [0.5, 0.25] }
 * ```
 */
export class History extends Callback {
  static {
    defineDisplay(History.prototype, {
      text: ({ epoch, history }) => `<History of ${epoch.length} epochs: ${Object.keys(history).join(", ")}>`,
    });
  }

  override readonly passive: boolean = true;
  /** The values of each epoch by name: `loss`, `val_loss`, `accuracy`, …. */
  readonly history: Record<string, number[]> = {};
  /** The numbers of the epochs. */
  epoch: number[] = [];

  override onTrainBegin(): void {
    this.epoch = [];
  }

  override getState(): CallbackState {
    return { epoch: this.epoch, history: this.history };
  }

  override setState(state: CallbackState): void {
    this.epoch = [...(state["epoch"] as number[])];
    Object.assign(this.history, structuredClone(state["history"]));
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): void {
    this.epoch.push(epoch);
    for (const [name, value] of Object.entries(logs)) {
      this.history[name] ??= [];
      this.history[name].push(value);
    }
  }

  /** Hears of several epochs at once that are over, in place of each. */
  onEpochs({ first, count, columns }: PastEpochs): void {
    for (let i = 0; i < count; i++) this.epoch.push(first + i);
    for (const [name, values] of Object.entries(columns)) {
      this.history[name] ??= [];
      for (const value of values) this.history[name].push(value);
    }
  }
}
