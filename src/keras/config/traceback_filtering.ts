/** A switch that Keras has for Python's tracebacks. */

let enabled = true;

/**
 * Says that errors should show the user's own code only, as is the default in Keras. It changes nothing here: errors come
 * with the stack that the host gives them, and their messages say which layer or argument is meant.
 *
 * @example
 * ```ts
 * keras.config.enableTracebackFiltering();
 * keras.config.isTracebackFilteringEnabled(); // → true
 * ```
 */
export function enableTracebackFiltering(): void {
  enabled = true;
}

/**
 * Says that errors should show everything. It changes nothing here, as for {@link enableTracebackFiltering}.
 *
 * @example
 * ```ts
 * keras.config.disableTracebackFiltering();
 * keras.config.isTracebackFilteringEnabled(); // → false
 * keras.config.enableTracebackFiltering();
 * ```
 */
export function disableTracebackFiltering(): void {
  enabled = false;
}

/**
 * Whether errors should show the user's own code only.
 *
 * @example
 * ```ts
 * keras.config.isTracebackFilteringEnabled(); // → true
 * ```
 */
export function isTracebackFilteringEnabled(): boolean {
  return enabled;
}
