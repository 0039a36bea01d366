/** Seeds for what was given none: unpredictable ones, or after `setRandomSeed` always the same sequence. */
import { SplitMix32, stride } from "./split_mix.ts";

let state = Math.floor(Math.random() * 2 ** 32);

/** Makes the sequence of default seeds depend on a number alone. */
export function setDefaultSeed(seed: number): void {
  state = seed >>> 0;
}

/** Where the sequence of default seeds is; `setDefaultSeed` goes there again. */
export function defaultSeedState(): number {
  return state;
}

/** The next default seed: a whole number from 1 to 2³¹ - 1. */
export function makeDefaultSeed(): number {
  const seed = new SplitMix32(state).next() >>> 1;
  state = (state + stride) >>> 0;
  return seed || 1;
}

/** Notes where the sequence is; the function that it gives goes back there. */
export function noteDefaultSeed(): () => void {
  const before = state;
  return () => {
    state = before;
  };
}
