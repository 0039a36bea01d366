/** One seed for everything random. */
import { show, ValueError } from "../../engine/index.ts";
import { setDefaultSeed } from "../random/default_seed.ts";
import { globalSeedGenerator } from "../random/seed_generator.ts";

/**
 * Makes a program's random numbers repeatable: initial weights, shuffling, dropout, `np.random`.
 *
 * @param seed a whole number
 * @throws ValueError for anything else
 *
 * @example
 * ```ts
 * setRandomSeed(1);
 * ```
 */
export function setRandomSeed(seed: number): void {
  if (!Number.isSafeInteger(seed)) {
    throw new ValueError(`setRandomSeed: expected a whole number. Received: ${show(seed)}`);
  }
  // In this order: the global generator takes a default seed when it is made.
  globalSeedGenerator().reset(seed);
  setDefaultSeed(seed);
}
