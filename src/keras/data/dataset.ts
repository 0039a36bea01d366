/** `tsuno/data`: a lazy pipeline of elements. */
import { checkOptions, StateError, show, ValueError } from "../../engine/index.ts";
import { makeDefaultSeed } from "../random/default_seed.ts";
import { SplitMix32 } from "../random/split_mix.ts";
import { type Batched, materialize, type RowOf } from "./elements.ts";
import { type Flow, nextOf } from "./flow.ts";
import {
  batched,
  cached,
  chained,
  filtered,
  type Kept,
  mapped,
  prefetched,
  repeated,
  shuffled,
  skipped,
  taken,
  unbatched,
} from "./stages.ts";

/** Where the elements of a dataset come from. */
export interface Source {
  /** Begins at the beginning. */
  open(): Flow;
  /** How many elements there are: `Infinity` if there is no end, undefined if it is not known. */
  readonly cardinality: number | undefined;
  /** How many samples an element has, if the elements are batches. */
  readonly batchSize?: number | undefined;
}

/** Options of {@link Dataset.map}. */
export interface MapOptions {
  /** How many promises of the function may be open at the same time. Default 1. */
  readonly parallel?: number;
}

/** Options of {@link Dataset.batch}. */
export interface BatchOptions {
  /** Whether a last, smaller batch is left out. Default false. */
  readonly dropRemainder?: boolean;
}

/** Options of {@link Dataset.shuffle}. */
export interface ShuffleOptions {
  /** A whole number that makes the order repeatable. Default: from `utils.setRandomSeed`, else another one each time. */
  readonly seed?: number | null;
  /** Whether each pass has an order of its own. Default true. */
  readonly reshuffleEachIteration?: boolean;
}

function checkCount(value: number, least: number, where: string, name: string): void {
  if (value === Number.POSITIVE_INFINITY || (Number.isInteger(value) && value >= least)) return;
  throw new ValueError(
    `${where}: expected ${name} to be a whole number of at least ${least}. Received: ${show(value)}`,
  );
}

function checkFunction(value: unknown, where: string): void {
  if (typeof value !== "function")
    throw new ValueError(`${where}: expected a function. Received: ${show(value)}`);
}

const mapCardinality = (n: number | undefined, fn: (n: number) => number): number | undefined =>
  n === undefined ? undefined : fn(n);

/**
 * Elements that are made when they are needed: samples, and after `batch` batches for `fit`, `evaluate` and `predict`.
 * Every method gives a new dataset; nothing runs before someone asks for elements, with `for await` or by training. Each
 * pass begins at the beginning.
 *
 * An element that is an array is a tuple of inputs, targets and weights, unless it is a list of numbers or of texts; within
 * it, nested numbers are one array.
 *
 * @example
 * ```ts
 * const samples = fromArrays([[1], [2], [3], [4], [5]], [0, 1, 0, 1, 0]);
 * const batches = samples.map(([x, y]) => [x.multiply(10), y]).batch(2);
 * batches.cardinality; // → 3
 * const [last] = await batches.skip(2).toArray();
 * last!.map((t) => t.arraySync()); // → [[[50]], [0]]
 * ```
 */
export class Dataset<T> implements AsyncIterable<T> {
  readonly #source: Source;

  /** For `fromArrays`, `fromIterable` and `zip`, which make datasets. */
  constructor(source: Source) {
    this.#source = source;
  }

  /** How many elements a pass gives: `Infinity` if there is no end, undefined if it is not known before. */
  get cardinality(): number | undefined {
    return this.#source.cardinality;
  }

  /** How many samples an element has, if `batch` was the last to say so. */
  get batchSize(): number | undefined {
    return this.#source.batchSize;
  }

  /** The elements as stages hand them on, from the beginning. */
  open(): Flow {
    return this.#source.open();
  }

  #with<U>(open: () => Flow, cardinality: number | undefined, batchSize?: number): Dataset<U> {
    return new Dataset<U>({ open, cardinality, batchSize });
  }

  /** One pass. */
  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    const flow = this.open();
    return {
      next: async () => {
        const step = await nextOf(flow);
        return step.done === true ? step : { done: false, value: materialize(step.value) as T };
      },
      return: async () => {
        flow.return();
        return { done: true, value: undefined };
      },
    };
  }

  /**
   * All elements of one pass.
   *
   * @throws StateError when there is no end
   *
   * @example
   * ```ts
   * await fromIterable(["a", "b"]).repeat(2).toArray(); // → ["a", "b", "a", "b"]
   * ```
   */
  async toArray(): Promise<T[]> {
    if (this.cardinality === Number.POSITIVE_INFINITY)
      throw new StateError("toArray: this dataset has no end. Use take() to choose how many elements.");
    const elements: T[] = [];
    for await (const element of this) elements.push(element);
    return elements;
  }

  /**
   * Applies a function to each element. Numbers of arrays come as tensors, and a tuple as one argument: `([x, y]) => …`.
   *
   * @param fn gives the new element, or a promise of it
   * @param options `parallel` (default 1): how many promises may be open at the same time; the order stays
   *
   * @example
   * ```ts
   * await fromIterable([1, 2, 3]).map((n) => n * n).toArray(); // → [1, 4, 9]
   * ```
   */
  map<const U>(fn: (element: T) => U | PromiseLike<U>, options: MapOptions = {}): Dataset<U> {
    checkFunction(fn, "map");
    checkOptions("map", options, ["parallel"]);
    const { parallel = 1 } = options;
    checkCount(parallel, 1, "map", "parallel");
    return this.#with(() => mapped(this.open(), fn as (e: unknown) => unknown, parallel), this.cardinality);
  }

  /**
   * Keeps the elements for which a function gives true, or a promise of true.
   *
   * @example
   * ```ts
   * await fromIterable([1, 2, 3]).filter((n) => n !== 2).toArray(); // → [1, 3]
   * ```
   */
  filter(fn: (element: T) => boolean | PromiseLike<boolean>): Dataset<T> {
    checkFunction(fn, "filter");
    return this.#with(() => filtered(this.open(), fn as (e: unknown) => unknown), undefined, this.batchSize);
  }

  /**
   * Makes neighbouring elements one: their numbers become tensors with a first axis more, texts become arrays of texts.
   *
   * @param batchSize how many elements
   * @param options `dropRemainder` (default false): whether a last, smaller batch is left out
   * @throws ShapeError, ValueError, when elements are asked for, if their shapes or structures differ
   *
   * @example
   * ```ts
   * const [first] = await fromIterable([[1, 2], [3, 4], [5, 6]]).batch(2).toArray();
   * first!.arraySync(); // → [[1, 2], [3, 4]]
   * ```
   */
  batch(batchSize: number, options: BatchOptions = {}): Dataset<Batched<T>> {
    checkCount(batchSize, 1, "batch", "batchSize");
    checkOptions("batch", options, ["dropRemainder"]);
    const { dropRemainder = false } = options;
    const cardinality = mapCardinality(this.cardinality, (n) =>
      dropRemainder ? Math.floor(n / batchSize) : Math.ceil(n / batchSize),
    );
    return this.#with(() => batched(this.open(), batchSize, dropRemainder), cardinality, batchSize);
  }

  /**
   * Makes batches single elements again.
   *
   * @example
   * ```ts
   * const rows = await fromIterable([[[1], [0]], [[2, 3], [1, 1]]]).unbatch().toArray();
   * rows.length; // → 3
   * ```
   */
  unbatch(): Dataset<RowOf<T>> {
    const endless = this.cardinality === Number.POSITIVE_INFINITY;
    return this.#with(() => unbatched(this.open()), endless ? Number.POSITIVE_INFINITY : undefined);
  }

  /**
   * Draws each element at random from a buffer of the next ones.
   *
   * @param bufferSize how many elements wait in the buffer; with as many as there are, each order is equally likely
   * @param options `seed`; `reshuffleEachIteration` (default true): whether each pass has an order of its own
   *
   * @example
   * ```ts
   * const shuffled = await fromIterable([1, 2, 3]).shuffle(3, { seed: 1 }).toArray();
   * shuffled.sort(); // → [1, 2, 3]
   * ```
   */
  shuffle(bufferSize: number, options: ShuffleOptions = {}): Dataset<T> {
    checkCount(bufferSize, 1, "shuffle", "bufferSize");
    checkOptions("shuffle", options, ["seed", "reshuffleEachIteration"]);
    const { seed, reshuffleEachIteration = true } = options;
    if (seed !== undefined && seed !== null && !Number.isSafeInteger(seed))
      throw new ValueError(`shuffle: expected seed to be a whole number. Received: ${show(seed)}`);
    let seeds: SplitMix32 | undefined;
    let fixed: number | undefined;
    const nextSeed = (): number => {
      seeds ??= new SplitMix32(seed ?? makeDefaultSeed());
      if (reshuffleEachIteration) return seeds.next();
      fixed ??= seeds.next();
      return fixed;
    };
    const open = (): Flow => shuffled(this.open(), bufferSize, new SplitMix32(nextSeed()));
    return this.#with(open, this.cardinality, this.batchSize);
  }

  /**
   * Gives all elements several times.
   *
   * @param count default: without end
   *
   * @example
   * ```ts
   * fromIterable([1, 2]).repeat().cardinality; // → Infinity
   * ```
   */
  repeat(count?: number | null): Dataset<T> {
    const times = count ?? Number.POSITIVE_INFINITY;
    checkCount(times, 0, "repeat", "count");
    const cardinality =
      times === Number.POSITIVE_INFINITY
        ? this.cardinality === 0
          ? 0
          : times
        : mapCardinality(this.cardinality, (n) => (times === 0 ? 0 : n * times));
    return this.#with(() => repeated(() => this.open(), times), cardinality, this.batchSize);
  }

  /**
   * Asks for elements while earlier ones are at work, where there is something to wait for: files, the network, promises
   * of `map`.
   *
   * @param bufferSize how many elements may be ready. Default 2.
   *
   * @example
   * ```ts
   * await fromIterable([1, 2]).map(async (n) => n + 1).prefetch().toArray(); // → [2, 3]
   * ```
   */
  prefetch(bufferSize = 2): Dataset<T> {
    checkCount(bufferSize, 1, "prefetch", "bufferSize");
    return this.#with(() => prefetched(this.open(), bufferSize), this.cardinality, this.batchSize);
  }

  /**
   * The first elements.
   *
   * @example
   * ```ts
   * await fromIterable([1, 2, 3]).take(2).toArray(); // → [1, 2]
   * ```
   */
  take(count: number): Dataset<T> {
    checkCount(count, 0, "take", "count");
    return this.#with(
      () => taken(this.open(), count),
      mapCardinality(this.cardinality, (n) => Math.min(n, count)),
      this.batchSize,
    );
  }

  /**
   * All but the first elements.
   *
   * @example
   * ```ts
   * await fromIterable([1, 2, 3]).skip(2).toArray(); // → [3]
   * ```
   */
  skip(count: number): Dataset<T> {
    checkCount(count, 0, "skip", "count");
    const left = (n: number): number => (n === Number.POSITIVE_INFINITY ? n : Math.max(0, n - count));
    return this.#with(
      () => skipped(this.open(), count),
      mapCardinality(this.cardinality, left),
      this.batchSize,
    );
  }

  /**
   * Keeps the elements of the first whole pass in memory: what comes before runs once.
   *
   * @example
   * ```ts
   * let calls = 0;
   * const kept = fromIterable([1, 2]).map((n) => n + calls++).cache();
   * [await kept.toArray(), await kept.toArray()]; // → [[1, 3], [1, 3]]
   * ```
   */
  cache(): Dataset<T> {
    const kept: Kept = { elements: undefined };
    return this.#with(() => cached(() => this.open(), kept), this.cardinality, this.batchSize);
  }

  /**
   * The elements of this dataset, then those of another one.
   *
   * @example
   * ```ts
   * await fromIterable([1]).concatenate(fromIterable([2])).toArray(); // → [1, 2]
   * ```
   */
  concatenate<U>(other: Dataset<U>): Dataset<T | U> {
    if (!((other as unknown) instanceof Dataset))
      throw new ValueError(`concatenate: expected a dataset. Received: ${show(other)}`);
    const cardinality = mapCardinality(this.cardinality, (n) => n + (other.cardinality ?? Number.NaN));
    return this.#with(
      () => chained([() => this.open(), () => other.open()]),
      Number.isNaN(cardinality) ? undefined : cardinality,
    );
  }
}
