/** Whether progress is drawn, or logged line by line. */

let enabled = true;

/**
 * Has progress and messages written to the standard output, where a terminal shows bars that grow. That is the default.
 *
 * @example
 * ```ts
 * keras.config.enableInteractiveLogging();
 * keras.config.isInteractiveLoggingEnabled(); // → true
 * ```
 */
export function enableInteractiveLogging(): void {
  enabled = true;
}

/**
 * Has progress and messages logged by `console.info`, as whole lines without anything that is drawn over: for jobs on a
 * server, whose logs are collected.
 *
 * @example
 * ```ts
 * keras.config.disableInteractiveLogging();
 * keras.config.isInteractiveLoggingEnabled(); // → false
 * keras.config.enableInteractiveLogging();
 * ```
 */
export function disableInteractiveLogging(): void {
  enabled = false;
}

/**
 * Whether progress is drawn on the standard output, not logged.
 *
 * @example
 * ```ts
 * keras.config.isInteractiveLoggingEnabled(); // → true
 * ```
 */
export function isInteractiveLoggingEnabled(): boolean {
  return enabled;
}
