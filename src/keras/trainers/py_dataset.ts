/** Batches by number, made by a user's class. */
import { checkOptions, show, ValueError } from "../../engine/index.ts";
import type { BatchLike, BatchSequence } from "./data_sources.ts";

/** Options of {@link PyDataset}. */
export interface PyDatasetOptions {
  /** How many promises of `getItem` may be open at the same time. Default 1. */
  readonly workers?: number;
  /** As in Keras; without effect, since JavaScript has promises in place of processes. Default false. */
  readonly useMultiprocessing?: boolean;
  /** How many batches may be asked for before they are needed. Default 10. */
  readonly maxQueueSize?: number;
}

/**
 * Base of data sets that make their batches when asked for them by number. `fit` takes them in a new order in each epoch,
 * unless it is told `shuffle: false`; `getItem` may give promises.
 *
 * @example
 * ```ts
 * class Squares extends PyDataset {
 *   override get length() {
 *     return 3;
 *   }
 *   override getItem(index: number) {
 *     return [[[index]], [[index ** 2]]] as const;
 *   }
 * }
 * const model = new keras.Sequential([keras.Input([1]), new keras.layers.Dense(1)]);
 * model.compile({ loss: "mse" });
 * const { history } = await model.fit(new Squares({ workers: 2 }), undefined, { verbose: 0 });
 * history["loss"]!.length; // → 1
 * ```
 */
export abstract class PyDataset<B extends BatchLike = BatchLike> implements BatchSequence, AsyncIterable<B> {
  readonly workers: number;
  readonly useMultiprocessing: boolean;
  readonly maxQueueSize: number;

  /** @param options `workers` (default 1), `useMultiprocessing` (false), `maxQueueSize` (10) */
  constructor(options: PyDatasetOptions = {}) {
    checkOptions("PyDataset", options, ["workers", "useMultiprocessing", "maxQueueSize"]);
    this.workers = options.workers ?? 1;
    this.useMultiprocessing = options.useMultiprocessing ?? false;
    this.maxQueueSize = options.maxQueueSize ?? 10;
    for (const [name, value] of Object.entries({ workers: this.workers, maxQueueSize: this.maxQueueSize })) {
      if (Number.isInteger(value) && value >= 0) continue;
      throw new ValueError(`PyDataset: expected ${name} to be a whole number. Received: ${show(value)}`);
    }
  }

  /** How many batches there are; null for no end. */
  abstract get length(): number | null;

  /** The batch of a number, or a promise of it. */
  abstract getItem(index: number): B | Promise<B>;

  /** How many batches there are; null for no end. */
  get numBatches(): number | null {
    return this.length;
  }

  /** Called before each epoch. */
  onEpochBegin(): void {}

  /** Called after each epoch. */
  onEpochEnd(): void {}

  /** The batches in their order. */
  async *[Symbol.asyncIterator](): AsyncGenerator<B, void, undefined> {
    for (let i = 0; i < (this.length ?? Number.POSITIVE_INFINITY); i++) yield await this.getItem(i);
  }
}
