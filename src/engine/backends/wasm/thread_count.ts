/** How many threads programs may use. */
import { show, ValueError } from "../../tensor/errors.ts";
import { maxThreads } from "./control.ts";
import { hostThreads, hostVariable } from "./host.ts";

/** The environment variable that says how many threads there are. */
const variable = "TSUNO_THREADS";

let chosen: number | undefined;
let asked = false;

function check(where: string, n: unknown): number {
  if (typeof n === "number" && Number.isInteger(n) && n >= 1 && n <= maxThreads) return n;
  throw new ValueError(`${where}: expected a whole number from 1 to ${maxThreads}. Received: ${show(n)}`);
}

/**
 * Sets how many threads programs may use, the calling one included, from the next call on. Results do not depend on it.
 *
 * The default is the environment variable `TSUNO_THREADS` or else the number of processor cores. Threads need a
 * `SharedArrayBuffer`, which browsers give to pages that are cross-origin isolated; elsewhere programs run on one, and a
 * notice says so once if you have asked for more. Programs too small to profit run on one thread everywhere.
 *
 * @param n a whole number from 1 to 64
 * @throws ValueError for anything else
 *
 * @example
 * ```ts
 * setThreads(2);
 * getThreads(); // → 2
 * ```
 */
export function setThreads(n: number): void {
  chosen = check("setThreads", n);
  asked = true;
}

/**
 * The number of threads that programs may use; small ones run on one all the same.
 *
 * @throws ValueError when the environment variable `TSUNO_THREADS` is no whole number from 1 to 64
 *
 * @example
 * ```ts
 * config.setThreads(1);
 * config.getThreads(); // → 1
 * ```
 */
export function getThreads(): number {
  if (chosen === undefined) {
    const text = hostVariable(variable);
    asked = text !== undefined && text !== "";
    chosen = asked
      ? check(variable, Number.isNaN(Number(text)) ? text : Number(text))
      : Math.min(maxThreads, hostThreads());
  }
  return chosen;
}

/** Whether somebody has asked for more than one thread, rather than leaving their number to the host. */
export function threadsAskedFor(): boolean {
  return getThreads() > 1 && asked;
}
