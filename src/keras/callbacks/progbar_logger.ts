/** Shows training in a progress bar. */
import { checkOptions } from "../../engine/index.ts";
import { type Output, standardOutput } from "../utils/io_utils.ts";
import { Progbar } from "../utils/progbar.ts";
import { Callback, type CallbackParams, type Logs } from "./callback.ts";

/** Options of {@link ProgbarLogger}. */
export interface ProgbarLoggerOptions {
  /** Where the bar is drawn. Default: standard output. */
  readonly output?: Output;
}

/**
 * Prints loss and metrics as training goes on: with `verbose` 1 a bar for each epoch, with 2 a line.
 *
 * @param options `output` (default: standard output)
 *
 * @example
 * ```ts
 * const model = new keras.Sequential([new keras.layers.Dense(1)]);
 * model.compile({ loss: "mse" });
 * let printed = "";
 * const output = { dynamic: false, now: () => 0, write: (text: string) => void (printed += text) };
 * const callbacks = [new ProgbarLogger({ output })];
 * await model.fit([[1], [2]], [[2], [4]], { verbose: 2, callbacks });
 * printed.includes("loss"); // → true
 * ```
 */
export class ProgbarLogger extends Callback {
  override readonly passive: boolean = true;
  /** Where the bar is seen, and where it is drawn. */
  readonly #shown: Output;
  readonly #output: Output;
  #verbose: 0 | 1 | 2 = 1;
  #epochs = 1;
  #target: number | null = null;
  #bar: Progbar | undefined;
  #seen = 0;
  #inFit = false;
  /** How long the epochs took that are told of afterwards, in seconds. */
  #past = 0;
  /** What was written about them: thousands of lines cost less in one piece. */
  #held = "";

  constructor(options: ProgbarLoggerOptions = {}) {
    super();
    checkOptions("ProgbarLogger", options, ["output"]);
    const shown = options.output ?? standardOutput;
    const write = (text: string): void => {
      if (this.#past > 0) this.#held += text;
      else shown.write(text);
    };
    this.#shown = shown;
    this.#output = {
      write,
      now: () => shown.now(),
      get dynamic() {
        return shown.dynamic;
      },
    };
  }

  override setParams(params: CallbackParams): void {
    super.setParams(params);
    const { verbose = 1 } = params;
    this.#verbose = verbose === "auto" ? 1 : verbose;
    this.#epochs = params.epochs ?? 1;
    this.#target = params.steps ?? null;
  }

  /** Hears how many seconds each epoch took that will be told of from now on, because it is over; 0 for those to come. */
  took(seconds: number): void {
    this.#past = seconds;
    if (seconds > 0 || this.#held === "") return;
    const held = this.#held;
    this.#held = "";
    this.#shown.write(held);
  }

  override onTrainBegin(): void {
    this.#inFit = true;
  }

  override onTestBegin(): void {
    if (!this.#inFit) this.#begin();
  }

  override onPredictBegin(): void {
    this.#begin();
  }

  override onEpochBegin(epoch: number): void {
    this.#begin();
    if (this.#verbose !== 0 && this.#epochs > 1) this.#output.write(`Epoch ${epoch + 1}/${this.#epochs}\n`);
  }

  override onTrainBatchEnd(batch: number, logs?: Logs): void {
    this.#update(batch, logs);
  }

  override onTestBatchEnd(batch: number, logs?: Logs): void {
    if (!this.#inFit) this.#update(batch, logs);
  }

  override onPredictBatchEnd(batch: number): void {
    this.#update(batch, {});
  }

  override onEpochEnd(_epoch: number, logs?: Logs): void {
    this.#finish(logs);
  }

  override onTestEnd(logs?: Logs): void {
    if (!this.#inFit) this.#finish(logs);
  }

  override onPredictEnd(): void {
    this.#finish({});
  }

  #begin(): void {
    this.#seen = 0;
    this.#bar = this.#makeBar();
    this.#bar.beganBefore(this.#past);
  }

  #makeBar(): Progbar {
    // The logs are means over the epoch already.
    return new Progbar(this.#target, { verbose: this.#verbose, statelessMetrics: [], output: this.#output });
  }

  #update(batch: number, logs: Logs = {}): void {
    this.#bar ??= this.#makeBar();
    this.#seen = batch + 1;
    if (this.#verbose === 1) this.#bar.update(this.#seen, Object.entries(logs), false);
  }

  #finish(logs: Logs = {}): void {
    this.#bar ??= this.#makeBar();
    this.#target ??= this.#seen;
    this.#bar.target = this.#target;
    this.#bar.update(this.#target, Object.entries(logs), true);
  }
}
