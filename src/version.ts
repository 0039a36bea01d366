/** The version of the package. */

const current = "0.1.0";

/**
 * The version of Tsuno, as package.json has it.
 *
 * @example
 * ```ts
 * version().split(".").length; // → 3
 * ```
 */
export function version(): string {
  return current;
}

/** The version of Tsuno as text; Keras has it under this name, too. */
const text: string = current;

export { text as __version__ };
