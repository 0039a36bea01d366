/** Saves the model while it is trained. */
import { checkOptions, show, ValueError } from "../../engine/index.ts";
import { makePlace, splitPlace } from "../../files/place.ts";
import { printMsg } from "../utils/io_utils.ts";
import { formatPython } from "../utils/python_format.ts";
import { BatchCounter } from "./batch_counter.ts";
import type { CallbackState, Logs } from "./callback.ts";
import { MonitorCallback, type MonitorMode } from "./monitor_callback.ts";
import { savable } from "./savable_model.ts";

/** Options of {@link ModelCheckpoint}. */
export interface ModelCheckpointOptions {
  /** The value that says which model is the best. Default `"val_loss"`. */
  readonly monitor?: string;
  /** 1 prints what happens. Default 0. */
  readonly verbose?: 0 | 1;
  /** Whether only models are saved that are better than all before. Default false. */
  readonly saveBestOnly?: boolean;
  /** Whether the weights alone are saved, with the optimizer's state. Default false. */
  readonly saveWeightsOnly?: boolean;
  /** Whether smaller or larger values are better. Default `"auto"`: the metric says it. */
  readonly mode?: MonitorMode;
  /** After each epoch, or after every so many batches. Default `"epoch"`. */
  readonly saveFreq?: "epoch" | number;
  /** What the first model must be better than. Default: nothing. */
  readonly initialValueThreshold?: number | null;
}

const names = [
  ...["monitor", "verbose", "saveBestOnly", "saveWeightsOnly", "mode", "saveFreq", "initialValueThreshold"],
];

/**
 * Saves the model, or its weights, as it is trained: after each epoch, after every so many batches, or whenever it is the
 * best so far. A file that is there is replaced at once, when the new one is whole.
 *
 * @param filepath ends in `.keras`, `.h5`, or `.weights.h5` for weights; `{epoch:02d}`, `{batch}` and the names of logs, such
 *   as `{val_loss:.2f}`, are filled in as by Python
 * @param options `monitor` (default `"val_loss"`), `verbose` (default 0), `saveBestOnly` (default false), `saveWeightsOnly`
 *   (default false), `mode` (default `"auto"`), `saveFreq` (default `"epoch"`), `initialValueThreshold` (default none)
 * @throws ValueError for another ending or option
 *
 * @example
 * ```ts
 * const model = new keras.Sequential([keras.Input([1]), new keras.layers.Dense(1)]);
 * model.compile({ optimizer: "sgd", loss: "mse" });
 * const checkpoint = new ModelCheckpoint("/tmp/best-{epoch:02d}.keras", { monitor: "loss", saveBestOnly: true });
 * await model.fit([[0], [1]], [[1], [3]], { epochs: 2, verbose: 0, callbacks: [checkpoint] });
 * (await keras.saving.loadModel("/tmp/best-02.keras")).countParams(); // → 2
 * ```
 */
export class ModelCheckpoint extends MonitorCallback {
  readonly filepath: string;
  readonly verbose: 0 | 1;
  readonly saveBestOnly: boolean;
  readonly saveWeightsOnly: boolean;
  readonly saveFreq: "epoch" | number;
  readonly #batches: BatchCounter | undefined;
  #epoch = 0;

  constructor(filepath: string, options: ModelCheckpointOptions = {}) {
    checkOptions("ModelCheckpoint", options, names);
    const { monitor, mode, saveFreq = "epoch" } = options;
    super("ModelCheckpoint", {
      ...(monitor !== undefined && { monitor }),
      ...(mode !== undefined && { mode }),
    });
    this.filepath = filepath;
    this.verbose = options.verbose ?? 0;
    this.saveBestOnly = options.saveBestOnly ?? false;
    this.saveWeightsOnly = options.saveWeightsOnly ?? false;
    this.saveFreq = saveFreq;
    this.best = options.initialValueThreshold ?? null;
    if (saveFreq !== "epoch" && !(Number.isInteger(saveFreq) && saveFreq > 0)) {
      throw new ValueError(
        `Unrecognized saveFreq: ${show(saveFreq)}. Expected saveFreq are "epoch" or integer values`,
      );
    }
    if (typeof filepath !== "string")
      throw new ValueError(`ModelCheckpoint: expected filepath to be a string. Received: ${show(filepath)}`);
    if (this.saveWeightsOnly && !filepath.endsWith(".weights.h5")) {
      throw new ValueError(
        "When using `saveWeightsOnly: true` in `ModelCheckpoint`, the filepath provided must end in `.weights.h5` " +
          `(Keras weights format). Received: filepath=${filepath}`,
      );
    }
    if (!this.saveWeightsOnly && !/\.(keras|h5)$/.test(filepath)) {
      throw new ValueError(
        `The filepath provided must end in \`.keras\` (Keras model format). Received: filepath=${filepath}`,
      );
    }
    if (saveFreq === "epoch") return;
    this.#batches = new BatchCounter(saveFreq);
    // Only who saves after batches makes them run one by one.
    this.onTrainBatchEnd = (batch, logs = {}) =>
      this.#batches!.isDue(batch) ? this.#save(this.#epoch, batch, logs) : undefined;
  }

  override onEpochBegin(epoch: number): void {
    this.#epoch = epoch;
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): void | Promise<void> {
    if (this.saveFreq === "epoch") return this.#save(epoch, null, logs);
  }

  override getState(): CallbackState {
    const { since = 0, last = null } = this.#batches ?? {};
    return { best: this.best, since, last };
  }

  override setState({ best, since, last }: CallbackState): void {
    this.best = best as number | null;
    if (this.#batches === undefined) return;
    this.#batches.since = since as number;
    this.#batches.last = last as number | null;
  }

  async #save(epoch: number, batch: number | null, logs: Logs): Promise<void> {
    const file = formatPython(this.filepath, {
      epoch: epoch + 1,
      ...(batch !== null && { batch: batch + 1 }),
      ...logs,
    });
    if (!this.#shouldSave(epoch, logs, file)) return;
    await makePlace(splitPlace(file).place);
    const model = savable(this.model);
    await (this.saveWeightsOnly ? model.saveWeights(file) : model.save(file));
    if (this.verbose > 0) printMsg(`\nEpoch ${epoch + 1}: finished saving model to ${file}`);
  }

  #shouldSave(epoch: number, logs: Logs, file: string): boolean {
    const tell = (what: string): void => {
      if (this.verbose > 0) printMsg(`\nEpoch ${epoch + 1}: ${what}`);
    };
    if (!this.saveBestOnly) {
      tell(`saving model to ${file}`);
      return true;
    }
    const current = logs[this.monitor];
    if (current === undefined) {
      console.warn(`Can save best model only with ${this.monitor} available.`);
      return true;
    }
    const best = this.best === null ? "None" : this.best.toFixed(5);
    if (!this.isImprovement(current, this.best)) {
      tell(`${this.monitor} did not improve from ${best}`);
      return false;
    }
    tell(`${this.monitor} improved from ${best} to ${current.toFixed(5)}, saving model to ${file}`);
    this.best = current;
    return true;
  }
}
