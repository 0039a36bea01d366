/** A small fast generator for the host's own choices: default seeds and the order of samples. */

/** How far the state goes on with each number: the generator for `seed + n · stride` begins n numbers later. */
export const stride = 0x9e3779b9;

/**
 * SplitMix32: a counter with an odd step, scrambled so that neighbouring counts have nothing in common.
 *
 * A class, because engines drop the good code of a loop that calls another closure than before; methods stay the same.
 */
export class SplitMix32 {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** The next whole number from 0 to 2³² - 1. */
  next(): number {
    this.#state = (this.#state + stride) >>> 0;
    let x = this.#state;
    x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
    x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
    return (x ^ (x >>> 15)) >>> 0;
  }
}
