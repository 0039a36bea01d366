/** Says after which batches something is due that happens every so many batches, whatever the epochs. */
export class BatchCounter {
  readonly #every: number;
  /** Batches since it was due last. */
  since = 0;
  /** The number of the last batch that was seen. */
  last: number | null = null;

  constructor(every: number) {
    this.#every = every;
  }

  /** Notes that a batch, counted from the beginning of its epoch, is done. */
  isDue(batch: number): boolean {
    // A smaller number means that a new epoch has begun.
    this.since += this.last === null || batch <= this.last ? batch + 1 : batch - this.last;
    this.last = batch;
    if (this.since < this.#every) return false;
    this.since = 0;
    return true;
  }
}
