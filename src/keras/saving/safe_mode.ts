/**
 * Safe mode, as far as it has a meaning here: code in files is never run. In safe mode it is refused in Keras's words, and
 * without it the error says that there is no way to allow it.
 */

let unsafe = false;
let current: boolean | undefined;

/**
 * In Keras: lets code in configs run from now on. Here code in files is never run, so that nothing becomes unsafe; the function
 * of a `Lambda` layer is given by `customObjects`, or registered.
 *
 * @example
 * ```ts
 * config.enableUnsafeDeserialization();
 * ```
 */
export function enableUnsafeDeserialization(): void {
  unsafe = true;
}

/** Whether Keras would run code in configs now. */
export function isUnsafeAllowed(): boolean {
  return current === undefined ? unsafe : !current;
}

/** Runs a function with safe mode on or off; as before if nothing is said. */
export function withSafeMode<R>(safe: boolean | undefined, fn: () => R): R {
  const outer = current;
  current = safe ?? outer;
  try {
    return fn();
  } finally {
    current = outer;
  }
}
