/** The base class of callbacks: what hears of training and may act on it. */
import { StateError, type Tensor, type TensorLike } from "../../engine/index.ts";
import type { Metric } from "../metrics/metric.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";

/** Values of the loss and the metrics by name. Callbacks may add to them. */
export type Logs = Record<string, number>;

/** What a call of `fit`, `evaluate` or `predict` tells callbacks of itself. */
export interface CallbackParams {
  readonly verbose?: "auto" | 0 | 1 | 2;
  /** How many epochs there are. */
  readonly epochs?: number;
  /** How many batches an epoch has; null if that is not known. */
  readonly steps?: number | null;
}

/** What a callback remembers: numbers, texts, tensors, in lists and objects. */
export type CallbackState = Readonly<Record<string, unknown>>;

/** Several epochs that are over. */
export interface PastEpochs {
  /** The number of the first one. */
  readonly first: number;
  readonly count: number;
  /** The values of each log, one for each epoch. */
  readonly columns: Readonly<Record<string, readonly number[]>>;
}

/** What callbacks use of a model. */
export interface CallbackModel {
  /** Setting it ends the training. */
  stopTraining: boolean;
  readonly optimizer: Optimizer | undefined;
  readonly metrics: readonly Metric[];
  getWeights(): readonly Tensor[];
  setWeights(weights: readonly TensorLike[]): void;
}

/**
 * Base of all callbacks. A subclass overrides the methods for what it wants to hear of; they may return promises, which
 * training waits for.
 *
 * Training runs many batches, and short epochs, in one call of a compiled program. If a callback overrides a method for
 * batches or epochs, they run one by one; one that only reports can set `passive` to avoid that.
 *
 * @example
 * ```ts
 * class Patience extends Callback {
 *   override onEpochEnd(epoch: number, logs: Record<string, number> = {}) {
 *     if (logs["loss"]! < 0.1) this.model.stopTraining = true;
 *   }
 * }
 * new Patience().passive; // → false
 * ```
 */
export class Callback {
  /** Whether it never acts on training, and so may hear of epochs and batches later, several batches counting as one. */
  readonly passive: boolean = false;
  /** What the training is told to do: `epochs`, `steps`, `verbose`. */
  params: CallbackParams = {};
  #model: CallbackModel | undefined;

  /** The model that is at work. */
  get model(): CallbackModel {
    if (this.#model === undefined)
      throw new StateError("This callback has no model yet: it gets one from fit, evaluate or predict.");
    return this.#model;
  }

  /** Tells the callback what the training is told to do; called before it begins. */
  setParams(params: CallbackParams): void {
    this.params = params;
  }

  /** Tells the callback its model; called before the training begins. */
  setModel(model: CallbackModel): void {
    this.#model = model;
  }

  /** Hears of all callbacks of the call, itself among them. */
  setOthers(_callbacks: readonly Callback[]): void {}

  /**
   * Hears what `fit` learns from.
   *
   * @param _x all samples, or the first batch of those that come bit by bit
   * @param _about `count` of the samples, if it is known; `programs`, another object as soon as what was compiled of the
   *   model is of no use any more
   */
  setSamples(
    _x: unknown,
    _y: unknown,
    _about: { readonly count?: number; readonly programs: object },
  ): void {}

  /** Called when all callbacks of the call have heard of something, for those that keep what the others made of it. */
  onHeard(_hook: "onTrainBegin" | "onEpochEnd" | "onTrainBatchEnd", _index: number): void | Promise<void> {}

  /** What the callback remembers between epochs, for backups of a training; null if nothing. */
  getState(): CallbackState | null {
    return null;
  }

  /** Takes back what `getState` gave. Called after `onTrainBegin`. */
  setState(_state: CallbackState): void {}

  /** Another name of `onTrainBatchBegin`. */
  onBatchBegin(_batch: number, _logs?: Logs): void | Promise<void> {}

  /** Another name of `onTrainBatchEnd`. */
  onBatchEnd(_batch: number, _logs?: Logs): void | Promise<void> {}

  /** Called before an epoch of training. */
  onEpochBegin(_epoch: number, _logs?: Logs): void | Promise<void> {}

  /**
   * Called after an epoch of training.
   *
   * @param _logs the loss and the metrics of the epoch, and those of the validation with `val_` before their names
   */
  onEpochEnd(_epoch: number, _logs?: Logs): void | Promise<void> {}

  /** Called before a batch of training. */
  onTrainBatchBegin(batch: number, logs?: Logs): void | Promise<void> {
    return this.onBatchBegin(batch, logs);
  }

  /**
   * Called after a batch of training.
   *
   * @param logs the loss and the metrics of the epoch so far
   */
  onTrainBatchEnd(batch: number, logs?: Logs): void | Promise<void> {
    return this.onBatchEnd(batch, logs);
  }

  /** Called before a batch of `evaluate`, or of the validation in `fit`. */
  onTestBatchBegin(_batch: number, _logs?: Logs): void | Promise<void> {}

  /** Called after a batch of `evaluate`, or of the validation in `fit`. */
  onTestBatchEnd(_batch: number, _logs?: Logs): void | Promise<void> {}

  /** Called before a batch of `predict`. */
  onPredictBatchBegin(_batch: number, _logs?: Logs): void | Promise<void> {}

  /** Called after a batch of `predict`. */
  onPredictBatchEnd(_batch: number, _logs?: Logs): void | Promise<void> {}

  /** Called at the beginning of `fit`. */
  onTrainBegin(_logs?: Logs): void | Promise<void> {}

  /** Called at the end of `fit`. */
  onTrainEnd(_logs?: Logs): void | Promise<void> {}

  /** Called at the beginning of `evaluate`, or of the validation in `fit`. */
  onTestBegin(_logs?: Logs): void | Promise<void> {}

  /** Called at the end of `evaluate`, or of the validation in `fit`. */
  onTestEnd(_logs?: Logs): void | Promise<void> {}

  /** Called at the beginning of `predict`. */
  onPredictBegin(_logs?: Logs): void | Promise<void> {}

  /** Called at the end of `predict`. */
  onPredictEnd(_logs?: Logs): void | Promise<void> {}
}

/** The names of the methods for batches. */
export const batchHooks = [
  "onBatchBegin",
  "onBatchEnd",
  "onTrainBatchBegin",
  "onTrainBatchEnd",
  "onTestBatchBegin",
  "onTestBatchEnd",
  "onPredictBatchBegin",
  "onPredictBatchEnd",
] as const;

/** The names of the methods for validations. */
export const testHooks = ["onTestBegin", "onTestEnd"] as const;

/** The names of the methods for epochs and what lies in them. */
export const epochHooks = ["onEpochBegin", "onEpochEnd", "onTestBegin", "onTestEnd"] as const;

/** The names of the methods for whole calls. */
export const callHooks = ["onTrainBegin", "onTrainEnd", "onPredictBegin", "onPredictEnd"] as const;

/** The name of a method that callbacks may override. */
export type Hook = (typeof batchHooks)[number] | (typeof epochHooks)[number] | (typeof callHooks)[number];

/** Whether a callback has its own method in place of the base class's. */
export function overrides(callback: Callback, hook: Hook): boolean {
  return callback[hook] !== Callback.prototype[hook];
}
