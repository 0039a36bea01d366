/** The generator of `numpy.random.RandomState`, for orders that are to be those of NumPy (Matsumoto, Nishimura: MT19937). */
import { show, ValueError } from "../../engine/index.ts";

const size = 624;
const middle = 397;

/**
 * Numbers of 32 bits, as `RandomState(seed)` draws them.
 *
 * @param seed a whole number from 0 to 2³² - 1
 */
export function mersenneTwister(seed: number): () => number {
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32))
    throw new ValueError(`Expected a seed from 0 to ${2 ** 32 - 1}. Received: seed=${show(seed)}`);
  const state = new Uint32Array(size);
  state[0] = seed;
  for (let i = 1; i < size; i++) {
    const before = state[i - 1]!;
    state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
  }
  let at = size;
  const refill = (): void => {
    for (let i = 0; i < size; i++) {
      const bits = (state[i]! & 0x80000000) | (state[(i + 1) % size]! & 0x7fffffff);
      state[i] = state[(i + middle) % size]! ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
    }
    at = 0;
  };
  return () => {
    if (at === size) refill();
    let x = state[at++]!;
    x ^= x >>> 11;
    x ^= (x << 7) & 0x9d2c5680;
    x ^= (x << 15) & 0xefc60000;
    return (x ^ (x >>> 18)) >>> 0;
  };
}

/**
 * Shuffles an array in place, into the order of `RandomState(seed).shuffle`.
 *
 * @param source the seed, or a generator that goes on
 */
export function shuffleLikeNumpy(array: unknown[], source: number | (() => number)): void {
  const next = typeof source === "number" ? mersenneTwister(source) : source;
  for (let i = array.length - 1; i > 0; i--) {
    const mask = 2 ** (32 - Math.clz32(i)) - 1;
    let j: number;
    do j = (next() & mask) >>> 0;
    while (j > i);
    [array[i], array[j]] = [array[j], array[i]];
  }
}
