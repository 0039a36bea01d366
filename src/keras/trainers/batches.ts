/** Reads batches from a source, the next one while the last one is at work. */
import { type Tensor, ValueError } from "../../engine/index.ts";
import { NumberColumn } from "../data/elements.ts";
import { makeDefaultSeed } from "../random/default_seed.ts";
import { SplitMix32 } from "../random/split_mix.ts";
import { type Arrays, checkArrays, type Data, mapArrays, samplesOf } from "./data.ts";
import { unpackXYSampleWeight } from "./data_adapter_utils.ts";
import {
  type BatchLike,
  type BatchSequence,
  type BatchStream,
  batchesIn,
  type DataSource,
} from "./data_sources.ts";

type Next = IteratorResult<unknown> | Promise<IteratorResult<unknown>>;

/** The two kinds of iterators as one. */
interface Reader {
  next(): Next;
  return?(): unknown;
}

/** How a source is read from its beginning. */
interface Origin {
  open(): Reader;
  /** How many batches there are, where that is known. */
  readonly steps: number | undefined;
  /** Whether it can be read once only. */
  readonly once: boolean;
  onEpochEnd?(): void;
}

/** Batches of arrays, in the order of the samples or in one that is drawn for each pass. */
export function fromArrays(data: Arrays, batchSize: number, order?: () => ArrayLike<number>): Origin {
  const samples = samplesOf(data);
  const columns = new Map<Tensor, NumberColumn>();
  mapArrays(data, (t) => {
    columns.set(t, new NumberColumn(t));
    return t;
  });
  return {
    steps: Math.ceil(samples / batchSize),
    once: false,
    open: () => {
      const places = order === undefined ? undefined : Int32Array.from(order());
      let at = 0;
      return {
        next: () => {
          if (at >= samples) return { done: true, value: undefined };
          const [start, stop] = [at, Math.min(at + batchSize, samples)];
          at = stop;
          const rows =
            places?.subarray(start, stop) ?? Int32Array.from({ length: stop - start }, (_, i) => start + i);
          return { done: false, value: mapArrays(data, (t) => columns.get(t)!.gather(rows)) };
        },
      };
    },
  };
}

/** The order of batches in one pass; in an order that is drawn anew for each, if they are shuffled. */
function* placesOf(length: number, random: SplitMix32 | undefined): Generator<number, void, void> {
  if (random === undefined || !Number.isFinite(length)) {
    for (let i = 0; i < length; i++) yield i;
    return;
  }
  const places = Int32Array.from({ length }, (_, i) => i);
  for (let left = length; left > 0; left--) {
    const i = Math.floor((random.next() / 2 ** 32) * left);
    yield places[i]!;
    places[i] = places[left - 1]!;
  }
}

function fromSequence(sequence: BatchSequence, shuffle: boolean): Origin {
  const { workers = 1, maxQueueSize = 10 } = sequence;
  const most = Math.max(1, Math.min(workers, maxQueueSize));
  let random: SplitMix32 | undefined;
  return {
    steps: sequence.length ?? undefined,
    once: false,
    onEpochEnd: () => sequence.onEpochEnd?.(),
    open: () => {
      sequence.onEpochBegin?.();
      if (shuffle) random ??= new SplitMix32(makeDefaultSeed());
      const places = placesOf(sequence.length ?? Number.POSITIVE_INFINITY, random);
      const asked: (BatchLike | Promise<BatchLike>)[] = [];
      /** Asks for batches as long as they are promised; who computes when asked is not asked before. */
      const ask = (): void => {
        while (asked.length < most) {
          const place = places.next();
          if (place.done === true) return;
          const value = sequence.getItem(place.value);
          asked.push(value);
          if (!(value instanceof Promise)) return;
          // Who fails while nobody listens fails when the batch is needed.
          value.catch(() => {});
        }
      };
      return {
        next: () => {
          ask();
          if (asked.length === 0) return { done: true, value: undefined };
          const value = asked.shift();
          return value instanceof Promise
            ? value.then((v) => ({ done: false, value: v }))
            : { done: false, value };
        },
      };
    },
  };
}

function fromStream(stream: BatchStream): Origin {
  return {
    steps: undefined,
    once: true,
    open: () => {
      const reader = stream.getReader();
      return { next: () => reader.read() as Promise<IteratorResult<unknown>> };
    },
  };
}

/**
 * How a source is read.
 *
 * @param shuffle whether batches by number come in a new order in each pass
 */
export function fromSource(source: DataSource, shuffle = false): Origin {
  if ("getItem" in source) return fromSequence(source, shuffle);
  if (Symbol.asyncIterator in source) {
    const open = (): AsyncIterator<unknown> => source[Symbol.asyncIterator]();
    return { open, steps: batchesIn(source), once: "next" in source };
  }
  if (Symbol.iterator in source) {
    return { open: () => source[Symbol.iterator](), steps: batchesIn(source), once: "next" in source };
  }
  return fromStream(source);
}

/** One batch as arrays. */
function unpack(where: string, value: unknown): Arrays {
  if (typeof value === "object" && value !== null && "x" in value && "sampleWeight" in value) {
    return value as Arrays;
  }
  const [x, y, sampleWeight] = unpackXYSampleWeight(value, where) as [Data, Data, Data];
  return checkArrays(where, x, y, sampleWeight);
}

/** The batches of a source, in passes. */
export class Batches {
  readonly #where: string;
  readonly #origin: Origin;
  #reader: Reader | undefined;
  /** Asked for, not yet used. */
  #ahead: Next | undefined;
  /** Whether the source gives promises, and so reads by itself. */
  #promises = false;
  #seen = 0;
  #known: number | undefined;

  constructor(where: string, origin: Origin) {
    this.#where = where;
    this.#origin = origin;
    this.#known = origin.steps;
  }

  /** How many batches a pass has, where that is known. */
  get steps(): number | undefined {
    return this.#known;
  }

  #open(): Reader {
    this.#reader = this.#origin.open();
    this.#ahead = undefined;
    this.#seen = 0;
    return this.#reader;
  }

  /** Asks for the next batch without waiting for it. Iterators that compute when they are asked are not asked too early. */
  #request(): void {
    if (this.#ahead !== undefined || this.#reader === undefined) return;
    this.#ahead = this.#reader.next();
    // Who fails while nobody listens fails when the batch is needed.
    if (this.#ahead instanceof Promise) this.#ahead.catch(() => {});
  }

  /** The first batch, which the next pass gives again. */
  async peek(): Promise<Arrays> {
    if (this.#reader === undefined) this.#open();
    this.#request();
    if (this.#ahead instanceof Promise) this.#promises = true;
    const first = await this.#ahead!;
    this.#ahead = first;
    if (first.done === true) throw new ValueError(`${this.#where}: the data source has no batches.`);
    return unpack(this.#where, first.value);
  }

  /**
   * One pass. Without a limit it begins at the beginning and takes all; with one it goes on where the last pass ended.
   *
   * @returns whether all batches that were asked for were there
   */
  async pass(
    limit: number | undefined,
    use: (batch: Arrays, step: number) => Promise<boolean>,
  ): Promise<boolean> {
    const fresh = this.#reader !== undefined && this.#seen === 0;
    const restarts = this.#reader === undefined || (limit === undefined && !fresh && !this.#origin.once);
    if (restarts) this.#open();
    for (let step = 0; limit === undefined || step < limit; step++) {
      this.#request();
      // Who promises works while the last batch does; who computes when asked is asked when the batch is needed.
      if (this.#ahead instanceof Promise) this.#promises = true;
      const got = await this.#ahead!;
      this.#ahead = undefined;
      if (got.done === true) {
        this.#known ??= this.#seen;
        if (!this.#origin.once) this.#reader = undefined;
        this.#origin.onEpochEnd?.();
        return limit === undefined && step > 0;
      }
      this.#seen++;
      if (this.#promises && step + 1 !== limit) this.#request();
      if (!(await use(unpack(this.#where, got.value), step))) return true;
    }
    if (this.#seen === this.#known) {
      if (!this.#origin.once) this.#reader = undefined;
      this.#origin.onEpochEnd?.();
    }
    return true;
  }

  /** Lets the source know that no more batches are needed. An iterator that was given stays as it is. */
  close(): void {
    if (!this.#origin.once) this.#reader?.return?.();
    this.#reader = undefined;
  }
}
