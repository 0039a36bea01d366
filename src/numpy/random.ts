/** `np.random`: a generator that `utils.setRandomSeed` determines, and others with seeds of their own. */

import type { Tensor } from "../engine/index.ts";
import { SeedGenerator } from "../keras/random/seed_generator.ts";
import { Generator, type Size } from "./generator.ts";

/** `np.random` itself. */
export interface RandomModule
  extends Pick<Generator, "normal" | "uniform" | "random" | "permutation" | "choice"> {
  /** A generator with a seed of its own; without one, with a seed that `utils.setRandomSeed` determines. */
  defaultRng(seed?: number | null): Generator;
  /** Whole numbers from `low` up to `high` - 1; with one number, from 0 up to it. */
  randint(low: number, high?: number | null, size?: Size): Tensor;
  /** Numbers drawn evenly from [0, 1), `rand(2, 3)` of shape (2, 3). */
  rand(...shape: readonly number[]): Tensor;
  /** Normally distributed numbers, `randn(2, 3)` of shape (2, 3). */
  randn(...shape: readonly number[]): Tensor;
}

const shared = new Generator();

/**
 * Random tensors.
 *
 * @example
 * ```ts
 * random.defaultRng(7).permutation(4).shape; // → [4]
 * random.normal(0, 1, 5).shape; // → [5]
 * ```
 */
export const random: RandomModule = {
  defaultRng: (seed = null) => new Generator(new SeedGenerator(seed, { name: "default_rng" })),
  normal: (loc, scale, size) => shared.normal(loc, scale, size),
  uniform: (low, high, size) => shared.uniform(low, high, size),
  random: (size) => shared.random(size),
  randint: (low, high, size) => shared.integers(low, high, size),
  permutation: (x) => shared.permutation(x),
  choice: (a, size, options) => shared.choice(a, size, options),
  rand: (...shape) => shared.random(shape),
  randn: (...shape) => shared.standardNormal(shape),
};
