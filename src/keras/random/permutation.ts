/** Random orders. */
import {
  argsort,
  checkOptions,
  normalizeAxis,
  randomBits,
  type Tensor,
  type TensorLike,
  take,
  toTensor,
} from "../../engine/index.ts";
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

/**
 * The slices along an axis in random order.
 *
 * @param options `axis`: of the slices (default 0); `seed`: determines the order (default: global)
 *
 * @example
 * ```ts
 * ops.sort(random.shuffle([1, 2, 3], { seed: 1 })).arraySync(); // → [1, 2, 3]
 * ```
 */
export function shuffle(
  x: TensorLike,
  options: { readonly axis?: number; readonly seed?: Seed } = {},
): Tensor {
  checkOptions("shuffle", options, ["axis", "seed"]);
  const t = toTensor(x);
  const axis = normalizeAxis(options.axis ?? 0, t.ndim, "shuffle");
  return take(t, permutation(t.shape[axis]!, options.seed), axis);
}
