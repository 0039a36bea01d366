/** How objects show themselves in consoles and notebooks. */

/** What an object can show. */
export interface Displays<T> {
  /** Plain text, for terminals and as the fallback of notebooks. */
  readonly text: (it: T) => string;
  /** HTML for notebooks. */
  readonly html?: (it: T) => string;
}

/**
 * Gives a class its methods for Node's and Deno's `console.log` and for Jupyter. The names are symbols of the global
 * registry, which declaration files cannot spell inside a class.
 */
export function defineDisplay<T extends object>(prototype: T, displays: Displays<T>): void {
  const define = (symbol: string, method: (this: T) => unknown): void => {
    Object.defineProperty(prototype, Symbol.for(symbol), {
      value: method,
      configurable: true,
      writable: true,
    });
  };
  const inspect = function (this: T): string {
    return displays.text(this);
  };
  define("nodejs.util.inspect.custom", inspect);
  define("Deno.customInspect", inspect);
  define("Jupyter.display", function (this: T) {
    const bundle: Record<string, string> = { "text/plain": displays.text(this) };
    if (displays.html !== undefined) bundle["text/html"] = displays.html(this);
    return bundle;
  });
}
