/** Work in parts: between two of them the host may turn to something else. */

/** Work that stops now and then; what it returns is its result. */
export type Stages<R> = Generator<void, R, void>;

/** Does all of the work at once. */
export function allAtOnce<R>(stages: Stages<R>): R {
  for (;;) {
    const { done, value } = stages.next();
    if (done) return value;
  }
}
