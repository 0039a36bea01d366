/** Where a call of `fit` stands: what is needed to go on from there in another process, to the same bits. */
import { StateError, type Tensor } from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import type { SampleOrders } from "./sample_orders.ts";

/** A place in a training, and the state there of what no file of Keras keeps. */
export interface SavedPosition {
  /** The epoch that is at work, or comes next. */
  readonly epoch: number;
  /** How many of its batches are done. */
  readonly batch: number;
  /** What the orders of the samples are drawn from, and how many epochs were drawn before this one. */
  readonly orders: { readonly seed: number; readonly epochs: number } | null;
  /** The states of the metrics. */
  readonly metrics: readonly Tensor[];
}

/** The place of one call of `fit`. */
export class TrainingPosition {
  epoch = 0;
  batch = 0;
  /** Whether `goTo` was called. */
  moved = false;
  /** Where the call began, and how many orders of the samples were drawn before. */
  #first = { epoch: 0, drawn: 0 };
  #orders: SampleOrders | undefined;
  readonly #metrics: () => readonly Variable[];

  /** @param metrics the variables of the metrics, as this call has them */
  constructor(metrics: () => readonly Variable[]) {
    this.#metrics = metrics;
  }

  /**
   * Notes where the call begins.
   *
   * @param orders the orders of the samples, if each epoch has one of its own
   */
  begin(epoch: number, orders: SampleOrders | undefined): void {
    this.epoch = epoch;
    this.#orders = orders;
    this.#first = { epoch, drawn: 0 };
  }

  /** The place, to be kept. */
  save(): SavedPosition {
    const { epoch, batch } = this;
    const { epoch: first, drawn } = this.#first;
    const seed = this.#orders?.seed;
    // One order for each epoch; who reads ahead may have drawn more.
    const orders = seed === undefined ? null : { seed, epochs: drawn + epoch - first };
    return { epoch, batch, orders, metrics: this.#metrics().map((v) => v.value) };
  }

  /** Makes the training begin at a place. To be called in `onTrainBegin`. */
  goTo({ epoch, batch, orders, metrics }: SavedPosition): void {
    this.epoch = epoch;
    this.batch = batch;
    this.moved = true;
    if (orders !== null) this.#orders?.restore(orders);
    this.#first = { epoch, drawn: orders?.epochs ?? 0 };
    const variables = this.#metrics();
    if (batch === 0) return;
    if (variables.length !== metrics.length) {
      throw new StateError(
        `The training cannot be resumed in the midst of an epoch: it has ${variables.length} variables of metrics, the ` +
          `backup has ${metrics.length}. Compile the model as it was.`,
      );
    }
    variables.forEach((v, i) => {
      v.assign(metrics[i]!);
    });
  }
}
