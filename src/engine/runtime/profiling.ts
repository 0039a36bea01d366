/** The door to profiles: what makes and prints them is loaded when someone comes through it. */
import type { Profile } from "./profile.ts";
import { startStopwatch } from "./stopwatch.ts";

/**
 * Runs some work and measures every kernel of the programs that it calls. They are compiled anew for that, with clocks
 * in them; others cost nothing by being able to be profiled.
 *
 * @param work may give a promise
 * @param options `warmUp`: work that runs before and does not count
 * @returns rows by kernel, the longest first: time, share, runs, GFLOP/s, GB/s, and the layer that it comes from;
 *   `String(profile)` is a table
 *
 * @example
 * ```ts
 * const square = jit((x: Tensor) => matmul(x, x));
 * const { rows } = await profile(() => square(full([64, 64], 1)).dataSync());
 * rows[0]?.kernel; // → dot_general
 * rows[0]?.runs; // → 1
 * ```
 */
export async function profile(
  work: () => unknown,
  options: { readonly warmUp?: () => unknown } = {},
): Promise<Profile> {
  const { measure } = await import("./profile.ts");
  return measure(work, options.warmUp);
}

/** With the environment variable `TSUNO_PROFILE` everything is profiled, and the table is printed when the process ends. */
export async function profileIfAsked(): Promise<void> {
  const host = globalThis.process;
  if (!host?.env?.["TSUNO_PROFILE"] || typeof host.once !== "function") return;
  startStopwatch();
  const { wholeProfile } = await import("./profile.ts");
  host.once("exit", () => console.error(String(wholeProfile())));
}
