/** Whether code in files may run. */

let unsafe = false;
let current: boolean | undefined;

/** Lets code in configs run from now on, whatever they come from. */
export function enableUnsafeDeserialization(): void {
  unsafe = true;
}

/** Whether code in configs may run now. */
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
