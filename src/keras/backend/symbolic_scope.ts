/** The scope of calls that are made for the sake of shapes. */

let active = 0;

/** Whether calls are made for the sake of shapes. */
export function inSymbolicScope(): boolean {
  return active > 0;
}

/**
 * A scope that says that what is called is called for the sake of shapes and dtypes: what layers add to the loss in it does
 * not count in a `StatelessScope` around it. Keras has it as a `with` block.
 *
 * @example
 * ```ts
 * const layer = new layers.ActivityRegularization({ l2: 1 });
 * const losses = (fn: (call: () => void) => void): number => {
 *   const scope = new StatelessScope({ collectLosses: true });
 *   scope.run(() => fn(() => layer([[1, 2]])));
 *   return scope.losses.length;
 * };
 * losses((call) => call()); // → 1
 * losses((call) => new SymbolicScope().run(call)); // → 0
 * ```
 */
export class SymbolicScope {
  /** Runs a function in the scope. */
  run<R>(fn: () => R): R {
    active++;
    try {
      return fn();
    } finally {
      active--;
    }
  }
}
