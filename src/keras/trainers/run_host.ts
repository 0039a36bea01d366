/** What a call of `fit`, `evaluate` or `predict` needs of its model, whichever way the data comes. */
import type { CallbackList } from "../callbacks/index.ts";
import type { Arrays, DataTree } from "./data.ts";
import type { Programs, Steps } from "./programs.ts";
import type { TrainingPosition } from "./training_position.ts";

/** A model for the length of one call. */
export interface Host {
  readonly steps: Steps;
  readonly programs: Programs;
  /** Whether steps run without being compiled. */
  readonly eager: boolean;
  readonly callbacks: CallbackList;
  /** Where a training stands. */
  readonly position: TrainingPosition;
  /** Batches between two calls of batch callbacks. */
  readonly stepsPerExecution: number;
  /** Builds the model for inputs, if it is not built yet. */
  readonly build: (x: DataTree) => void;
  /** Builds the model, its metrics and its optimizer. To be called in `buildSafely`, with what may fail after. */
  readonly prepare: (batch: Arrays, training: boolean) => void;
  /** Called by `fit` once everything is known to fit: from then on whoever wants to stop is heard. */
  readonly begin: () => void;
  /**
   * Runs a program that uses the metrics: they are as this call has left them, and no other call's program is at work. What
   * `work` does before it gives a promise, it does when its turn has come.
   */
  readonly run: <R>(work: () => R | Promise<R>) => Promise<R>;
  /** Throws if the caller wants to have the work aborted. */
  readonly checkAborted: () => void;
  readonly shouldStop: () => boolean;
}
