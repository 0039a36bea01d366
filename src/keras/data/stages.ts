/** The stages of pipelines: each makes a flow of elements into another one. */
import type { SplitMix32 } from "../random/split_mix.ts";
import { collate, materialize, Row, tableOf } from "./elements.ts";
import { type Flow, isPromise, Pending, waitFor } from "./flow.ts";

/** Applies a function; promises that it gives are waited for, up to `parallel` at a time, in their order. */
export function* mapped(source: Flow, fn: (element: unknown) => unknown, parallel: number): Flow {
  const waiting: unknown[] = [];
  for (const element of source) {
    if (element instanceof Pending) {
      yield element;
      continue;
    }
    const value = fn(materialize(element));
    if (!isPromise(value) && waiting.length === 0) {
      yield value;
      continue;
    }
    // Who fails while nobody listens fails when the element is needed.
    if (isPromise(value)) value.then(undefined, () => {});
    waiting.push(value);
    if (waiting.length >= parallel) yield yield* settled(waiting.shift());
  }
  while (waiting.length > 0) yield yield* settled(waiting.shift());
}

function* settled(value: unknown): Generator<Pending, unknown, void> {
  return isPromise(value) ? yield* waitFor(value) : value;
}

/** Keeps the elements for which a function holds. */
export function* filtered(source: Flow, fn: (element: unknown) => unknown): Flow {
  for (const element of source) {
    if (element instanceof Pending) yield element;
    else if (yield* settled(fn(materialize(element)))) yield element;
  }
}

/** Several elements as one. */
export function* batched(source: Flow, size: number, dropRemainder: boolean): Flow {
  let elements: unknown[] = [];
  for (const element of source) {
    if (element instanceof Pending) {
      yield element;
      continue;
    }
    elements.push(element);
    if (elements.length < size) continue;
    yield collate(elements);
    elements = [];
  }
  if (elements.length > 0 && !dropRemainder) yield collate(elements);
}

/** The samples of batches. */
export function* unbatched(source: Flow): Flow {
  for (const element of source) {
    if (element instanceof Pending) {
      yield element;
      continue;
    }
    const table = tableOf(materialize(element), "unbatch", true);
    for (let i = 0; i < table.length; i++) yield new Row(table, i);
  }
}

/** Draws each element from a buffer of the next ones. */
export function* shuffled(source: Flow, size: number, random: SplitMix32): Flow {
  const buffer: unknown[] = [];
  const draw = (): number => Math.floor((random.next() / 2 ** 32) * buffer.length);
  for (const element of source) {
    if (element instanceof Pending) {
      yield element;
      continue;
    }
    if (buffer.length < size) {
      buffer.push(element);
      continue;
    }
    const i = draw();
    const chosen = buffer[i];
    buffer[i] = element;
    yield chosen;
  }
  while (buffer.length > 0) {
    const i = draw();
    const chosen = buffer[i];
    buffer[i] = buffer[buffer.length - 1];
    buffer.pop();
    yield chosen;
  }
}

/** The elements several times; ends when there are none. */
export function* repeated(open: () => Flow, count: number): Flow {
  for (let round = 0; round < count; round++) {
    let some = false;
    for (const element of open()) {
      some ||= !(element instanceof Pending);
      yield element;
    }
    if (!some) return;
  }
}

/** The first elements. */
export function* taken(source: Flow, count: number): Flow {
  let left = count;
  if (left <= 0) return;
  for (const element of source) {
    yield element;
    // Not after the next one was asked for, which a source may take its time for.
    if (!(element instanceof Pending) && --left === 0) return;
  }
}

/** All but the first elements. */
export function* skipped(source: Flow, count: number): Flow {
  let left = count;
  for (const element of source) {
    if (element instanceof Pending || left <= 0) yield element;
    else left--;
  }
}

/** One flow after the other. */
export function* chained(opens: readonly (() => Flow)[]): Flow {
  for (const open of opens) yield* open();
}

/** Elements that were kept, once a whole pass has gone through. */
export interface Kept {
  elements: readonly unknown[] | undefined;
}

/** Keeps the elements of the first whole pass, and gives them again. */
export function* cached(open: () => Flow, kept: Kept): Flow {
  if (kept.elements !== undefined) {
    yield* kept.elements;
    return;
  }
  const elements: unknown[] = [];
  for (const element of open()) {
    if (!(element instanceof Pending)) elements.push(element);
    yield element;
  }
  kept.elements = elements;
}

/** Reads a flow in the background, up to where it does not have to be waited for. */
class ReadAhead {
  readonly #source: Flow;
  readonly #size: number;
  readonly ready: unknown[] = [];
  readonly failures: unknown[] = [];
  reading = false;
  ended = false;
  #wake = (): void => {};

  constructor(source: Flow, size: number) {
    this.#source = source;
    this.#size = size;
  }

  /** Until there is something new. */
  news(): Pending {
    const news = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    return new Pending(news);
  }

  /** Goes on in the background; never throws. */
  async start(first: Pending | undefined): Promise<void> {
    this.reading = true;
    try {
      await first?.promise;
      while (this.ready.length < this.#size && !this.ended) {
        const step = this.#source.next();
        if (step.done === true) this.ended = true;
        else if (step.value instanceof Pending) await step.value.promise;
        else {
          this.ready.push(step.value);
          this.#wake();
        }
      }
    } catch (error) {
      this.failures.push(error);
      this.ended = true;
    }
    this.reading = false;
    this.#wake();
  }
}

/** Asks for elements while earlier ones are at work, if there is something to wait for at all. */
export function* prefetched(source: Flow, size: number): Flow {
  const ahead = new ReadAhead(source, size);
  let waits = false;
  try {
    for (;;) {
      if (ahead.ready.length > 0) {
        const element = ahead.ready.shift();
        if (waits && !ahead.reading && !ahead.ended) void ahead.start(undefined);
        yield element;
      } else if (ahead.ended) {
        if (ahead.failures.length > 0) throw ahead.failures[0];
        return;
      } else if (ahead.reading) yield ahead.news();
      else {
        const step = source.next();
        if (step.done === true) return;
        if (step.value instanceof Pending) {
          waits = true;
          void ahead.start(step.value);
        } else yield step.value;
      }
    }
  } finally {
    ahead.ended = true;
    source.return();
  }
}

/** Elements of several flows side by side, as long as all have some. */
export function* zipped(flows: readonly Flow[], pack: (parts: unknown[]) => unknown): Flow {
  try {
    for (;;) {
      const parts: unknown[] = [];
      for (const flow of flows) {
        let step = flow.next();
        while (step.done !== true && step.value instanceof Pending) {
          yield step.value;
          step = flow.next();
        }
        if (step.done === true) return;
        parts.push(step.value);
      }
      yield pack(parts);
    }
  } finally {
    for (const flow of flows) flow.return();
  }
}
