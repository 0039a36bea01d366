/** Keras's names of functions, which minifiers rename. */

const names = new WeakMap<object, string>();

/** Gives a function the name that it has in Keras: to be called where the function is declared. */
export function nameFunction(fn: object, name: string): void {
  names.set(fn, name);
}

/** The Keras name of a loss function of this package, if it is one. */
export function functionName(fn: object): string | undefined {
  return names.get(fn);
}
