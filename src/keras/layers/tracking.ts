/** Finds the layers, variables and other parts that an object holds in its properties. */

/**
 * What an object holds of one kind: in its properties, and in arrays and plain objects there, in the order in which they
 * were defined, each once.
 *
 * @param owner its private `#` properties cannot be seen from outside
 * @param is tells the kind
 */
export function heldBy<T>(owner: object, is: (x: unknown) => x is T): T[] {
  const found = new Set<T>();
  const seen = new Set<object>();
  const visit = (value: unknown): void => {
    if (is(value)) {
      if (value !== owner) found.add(value);
    } else if (isContainer(value) && !seen.has(value)) {
      seen.add(value);
      for (const item of Object.values(value)) visit(item);
    }
  };
  for (const value of Object.values(owner)) visit(value);
  return [...found];
}

function isContainer(x: unknown): x is object {
  if (typeof x !== "object" || x === null) return false;
  const prototype: unknown = Object.getPrototypeOf(x);
  return Array.isArray(x) || prototype === Object.prototype || prototype === null;
}
