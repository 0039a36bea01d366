/** Random orders. */
import { randomBits } from "../../engine/index.ts";
import { drawSeed, type Seed } from "./seed_generator.ts";

/**
 * The numbers from 0 to n - 1 in random order (Fisher and Yates's shuffle).
 *
 * @param n how many
 * @param seed a whole number, a generator, or null for the global one
 * @throws StateError inside a compiled function
 */
export function permutation(n: number, seed?: Seed): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const words = randomBits(drawSeed(seed), [n]).dataSync();
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor((words[i]! / 2 ** 32) * (i + 1));
    const moved = order[i]!;
    order[i] = order[j]!;
    order[j] = moved;
  }
  return order;
}
