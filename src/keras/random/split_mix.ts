/** A small fast generator for the host's own choices: default seeds and the order of samples. */

/**
 * SplitMix32: a counter with an odd step, scrambled so that neighbouring counts have nothing in common.
 *
 * @returns a function that gives the next whole number from 0 to 2³² - 1
 */
export function splitMix32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let x = state;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return (x ^ (x >>> 15)) >>> 0;
  };
}
