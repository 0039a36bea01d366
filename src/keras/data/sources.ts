/** Where datasets begin: arrays, whatever can be iterated, and other datasets. */
import { StateError, show, ValueError } from "../../engine/index.ts";
import { Dataset } from "./dataset.ts";
import { type ArrayTree, Row, type RowOf, type Table, tableOf, Zipped } from "./elements.ts";
import { type Flow, waitFor } from "./flow.ts";
import { zipped } from "./stages.ts";

/** A web stream. */
export interface WebStream<T> {
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: T | undefined }>;
    cancel?(): Promise<void>;
  };
}

/** What can be iterated. */
export type Elements<T> = Iterable<T> | AsyncIterable<T> | WebStream<T>;

/**
 * The samples of arrays: rows of `x`, or tuples of rows of `x`, `y` and `sampleWeight`. Arrays of texts are taken, too.
 *
 * @param x one array, or several in arrays and plain objects, whose first axis counts the samples
 * @throws ValueError when the arrays have different numbers of samples
 *
 * @example
 * ```ts
 * const samples = fromArrays({ age: [20, 30], city: ["Rome", "Oslo"] }, [0, 1]);
 * const [batch] = await samples.batch(2).toArray();
 * const [x, y] = batch!;
 * [x.age.arraySync(), x.city, y.arraySync()]; // → [[20, 30], ["Rome", "Oslo"], [0, 1]]
 * ```
 */
export function fromArrays<const X extends ArrayTree>(x: X): Dataset<RowOf<X>>;
export function fromArrays<const X extends ArrayTree, const Y extends ArrayTree>(
  x: X,
  y: Y,
): Dataset<readonly [RowOf<X>, RowOf<Y>]>;
export function fromArrays<const X extends ArrayTree, const Y extends ArrayTree, const W extends ArrayTree>(
  x: X,
  y: Y,
  sampleWeight: W,
): Dataset<readonly [RowOf<X>, RowOf<Y>, RowOf<W>]>;
export function fromArrays(...arrays: readonly ArrayTree[]): Dataset<unknown> {
  while (arrays.length > 1 && (arrays.at(-1) ?? undefined) === undefined) arrays = arrays.slice(0, -1);
  const [x] = arrays;
  return fromTable(arrays.length > 1 ? tableOf(arrays, "fromArrays", true) : tableOf(x, "fromArrays", false));
}

/** The rows of a table, all or some. */
export function fromTable<T>(table: Table, rows?: ArrayLike<number>): Dataset<T> {
  const cardinality = rows?.length ?? table.length;
  function* open(): Flow {
    for (let i = 0; i < cardinality; i++) yield new Row(table, rows?.[i] ?? i);
  }
  return new Dataset({ open, cardinality });
}

function* readAsync(iterator: AsyncIterator<unknown>): Flow {
  let ended = false;
  try {
    for (;;) {
      let step: IteratorResult<unknown>;
      try {
        step = yield* waitFor(iterator.next());
        ended = step.done === true;
      } catch (error) {
        ended = true;
        throw error;
      }
      if (ended) return;
      yield step.value;
    }
  } finally {
    // Nobody is there any more to hear that the end failed.
    if (!ended) iterator.return?.().then(undefined, () => {});
  }
}

function* readStream(stream: WebStream<unknown>): Flow {
  const reader = stream.getReader();
  yield* readAsync({
    next: async () => {
      const { done, value } = await reader.read();
      return { done, value };
    },
    return: async () => {
      await reader.cancel?.();
      return { done: true, value: undefined };
    },
  });
}

/** The elements of whatever can be iterated. */
function flowOf(elements: unknown): Flow | undefined {
  if (!isReadable(elements)) return undefined;
  const given = Object(elements) as object;
  if (Symbol.asyncIterator in given)
    return readAsync((given as AsyncIterable<unknown>)[Symbol.asyncIterator]());
  if (Symbol.iterator in given) return readSync(given as Iterable<unknown>);
  return readStream(given as WebStream<unknown>);
}

function* readSync(elements: Iterable<unknown>): Flow {
  yield* elements;
}

/** Whether something can be iterated at all. */
function isReadable(elements: unknown): boolean {
  if (typeof elements === "string") return true;
  if (!(elements instanceof Object)) return false;
  return Symbol.asyncIterator in elements || Symbol.iterator in elements || "getReader" in elements;
}

/** Whether something can be iterated once only. */
const isOnce = (elements: unknown): boolean =>
  elements instanceof Object && ("next" in elements || "getReader" in elements);

/**
 * The elements of an iterable, an async iterable, a generator or a web stream.
 *
 * @param elements what is iterated, or a function that gives it anew for each pass; generators and streams themselves can
 *   be gone through once
 * @throws StateError at the second pass over a generator or a stream
 *
 * @example
 * ```ts
 * function* count() {
 *   for (let n = 0; n < 3; n++) yield [[n], [2 * n + 1]];
 * }
 * const [batch] = await fromIterable(count).batch(3).toArray();
 * batch![1]!.arraySync(); // → [[1], [3], [5]]
 * ```
 */
export function fromIterable<T>(elements: Elements<T> | (() => Elements<T>)): Dataset<T> {
  const refuse = (received: unknown): never => {
    throw new ValueError(
      `fromIterable: expected something to iterate, or a function that gives it. Received: ${show(received)}`,
    );
  };
  if (typeof elements === "function") {
    const open = (): Flow => {
      const given = elements();
      return flowOf(given) ?? refuse(given);
    };
    return new Dataset<T>({ open, cardinality: undefined });
  }
  if (!isReadable(elements)) refuse(elements);
  const once = isOnce(elements);
  let opened = false;
  const open = (): Flow => {
    if (once && opened) {
      throw new StateError(
        "fromIterable: a generator or stream can be gone through once. Give a function that makes a new one for each " +
          "pass, or keep the elements with cache().",
      );
    }
    opened = true;
    return flowOf(elements)!;
  };
  const cardinality = Array.isArray(elements)
    ? elements.length
    : elements instanceof Set || elements instanceof Map
      ? elements.size
      : undefined;
  return new Dataset<T>({ open, cardinality });
}

/** What the elements of datasets are, side by side. */
type ElementsOf<D> = { readonly [K in keyof D]: D[K] extends Dataset<infer T> ? T : never };

/**
 * Elements of several datasets side by side: tuples, or objects; as many as the shortest has.
 *
 * @param datasets one after the other, or in one object
 *
 * @example
 * ```ts
 * const pairs = zip(fromIterable([1, 2, 3]), fromIterable(["a", "b"]));
 * await pairs.toArray(); // → [[1, "a"], [2, "b"]]
 * ```
 */
export function zip<const D extends Readonly<Record<string, Dataset<unknown>>>>(
  datasets: D,
): Dataset<ElementsOf<D>>;
export function zip<const D extends readonly Dataset<unknown>[]>(...datasets: D): Dataset<ElementsOf<D>>;
export function zip(
  ...given: readonly Dataset<unknown>[] | readonly [Readonly<Record<string, Dataset<unknown>>>]
): Dataset<unknown> {
  const [first] = given;
  const named = given.length === 1 && first !== undefined && !(first instanceof Dataset);
  const entries = Object.entries(named ? first : given);
  const datasets = entries.map(([, dataset]) => dataset as Dataset<unknown>);
  const other = datasets.find((d) => !((d as unknown) instanceof Dataset));
  if (other !== undefined || datasets.length === 0)
    throw new ValueError(`zip: expected datasets. Received: ${show(other ?? given)}`);
  const pack = (parts: unknown[]): Zipped =>
    new Zipped(named ? Object.fromEntries(entries.map(([key], i) => [key, parts[i]])) : parts);
  const sizes = datasets.map((d) => d.cardinality);
  return new Dataset({
    open: () =>
      zipped(
        datasets.map((d) => d.open()),
        pack,
      ),
    cardinality: sizes.includes(undefined) ? undefined : Math.min(...(sizes as number[])),
  });
}
