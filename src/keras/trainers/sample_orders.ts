/** In which order the samples of each epoch are taken. */
import { Resident, type Tensor, tensor } from "../../engine/index.ts";
import { makeDefaultSeed } from "../random/default_seed.ts";
import { SplitMix32 } from "../random/split_mix.ts";

/** Places that the orders of all epochs of one call may take together: 256 KiB. */
const roomForPlaces = 65536;
const mostEpochs = 1024;

/** Orders for several epochs on the device, drawn anew before each call. */
export class SampleOrders {
  readonly #memory: Resident;
  readonly #order: Int32Array;
  /** The orders of a call, to be written to the device at once. */
  readonly #rows: Int32Array;
  #random: SplitMix32 | undefined;
  #seed: number | undefined;
  readonly #shuffle: boolean;
  /** For how many epochs there is room. */
  readonly epochs: number;
  /** One row per epoch. */
  readonly tensor: Tensor;

  constructor(samples: number, shuffle: boolean) {
    this.epochs = Math.max(1, Math.min(mostEpochs, Math.floor(roomForPlaces / samples)));
    this.#order = new Int32Array(samples);
    this.#rows = new Int32Array(this.epochs * samples);
    this.#begin();
    if (!shuffle) for (let e = 0; e < this.epochs; e++) this.#rows.set(this.#order, e * samples);
    this.#memory = new Resident(tensor(this.#rows, { shape: [this.epochs, samples] }));
    this.tensor = this.#memory.tensor;
    this.#shuffle = shuffle;
  }

  /** Draws the orders of the next epochs. */
  draw(epochs: number): void {
    if (!this.#shuffle) return;
    // Not before there is something to draw, so that a call that fails leaves the default seeds as they were.
    this.#seed ??= makeDefaultSeed();
    this.#random ??= new SplitMix32(this.#seed);
    const n = this.#order.length;
    for (let e = 0; e < epochs; e++) {
      this.#shuffleOnce(this.#random);
      this.#rows.set(this.#order, e * n);
    }
    this.#memory.write(this.#rows.subarray(0, epochs * n));
  }

  /** The order before the first shuffle. */
  #begin(): void {
    for (let i = 0; i < this.#order.length; i++) this.#order[i] = i;
  }

  /** Fisher and Yates's shuffle, going on from the last order. */
  #shuffleOnce(random: SplitMix32): void {
    const order = this.#order;
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor((random.next() / 2 ** 32) * (i + 1));
      const moved = order[i]!;
      order[i] = order[j]!;
      order[j] = moved;
    }
  }

  /** What the orders are drawn from; undefined if there is no shuffling, or not yet. */
  get seed(): number | undefined {
    return this.#seed;
  }

  /** Draws from a seed, after so many epochs. */
  restore({ seed, epochs }: { readonly seed: number; readonly epochs: number }): void {
    if (!this.#shuffle) return;
    this.#seed = seed;
    this.#random = new SplitMix32(seed);
    this.#begin();
    for (let e = 0; e < epochs; e++) this.#shuffleOnce(this.#random);
  }

  /** The order of one epoch. */
  next(): ArrayLike<number> {
    this.draw(1);
    return this.#order;
  }

  dispose(): void {
    this.#memory.dispose();
  }
}
