/** Seeds for what was given none: unpredictable ones, or after `setRandomSeed` always the same sequence. */
import { splitMix32 } from "./split_mix.ts";

let next = splitMix32(Math.floor(Math.random() * 2 ** 32));

/** Makes the sequence of default seeds depend on a number alone. */
export function setDefaultSeed(seed: number): void {
  next = splitMix32(seed);
}

/** The next default seed: a whole number from 1 to 2³¹ - 1. */
export function makeDefaultSeed(): number {
  return next() >>> 1 || 1;
}
