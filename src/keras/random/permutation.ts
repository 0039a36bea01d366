/** Random orders. */
import { argsort, randomBits, type Tensor } from "../../engine/index.ts";
import { drawSeed, type Seed } from "./seed_generator.ts";

/**
 * The numbers from 0 to n - 1 in random order (int32): that of random numbers.
 *
 * @param n how many
 * @param seed a whole number, a generator, or null for the global one
 */
export function permutation(n: number, seed?: Seed): Tensor {
  // Two words for each, so that there are no equal ones.
  const words = randomBits(drawSeed(seed), [2, n]);
  return argsort([words.at(0), words.at(1)]);
}
