/**
 * How elements travel through a pipeline: in plain generators, which run at full speed as long as nobody has to wait. Where
 * something must be waited for, they give a `Pending` in place of an element, and every stage hands it on.
 */

/** To be waited for before the next element is asked for. Its promise is never broken. */
export class Pending {
  readonly promise: Promise<unknown>;

  constructor(promise: Promise<unknown>) {
    this.promise = promise;
  }
}

/** Elements, one after the other. */
export type Flow = Generator<unknown, void, void>;

/** Whether a value comes later. */
export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

/** Waits inside a flow. */
export function* waitFor<T>(promise: PromiseLike<T>): Generator<Pending, T, void> {
  const outcomes: ({ readonly value: T } | { readonly error: unknown })[] = [];
  const settled = Promise.resolve(promise).then(
    (value) => outcomes.push({ value }),
    (error: unknown) => outcomes.push({ error }),
  );
  for (;;) {
    const [outcome] = outcomes;
    if (outcome === undefined) {
      yield new Pending(settled);
      continue;
    }
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  }
}

/** What `iterator.next` gives of a flow. */
export async function nextOf(flow: Flow): Promise<IteratorResult<unknown, undefined>> {
  for (;;) {
    const step = flow.next();
    if (step.done === true) return { done: true, value: undefined };
    if (!(step.value instanceof Pending)) return { done: false, value: step.value };
    await step.value.promise;
  }
}
