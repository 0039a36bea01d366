/** NumPy's generators of random numbers. */
import {
  checkOptions,
  log,
  randomBits,
  type Shape,
  show,
  sizeOf,
  type Tensor,
  type TensorLike,
  take,
  toTensor,
  ValueError,
} from "../engine/index.ts";
import { permutation } from "../keras/random/permutation.ts";
import * as random from "../keras/random/random.ts";
import { drawSeed, globalSeedGenerator, type SeedGenerator } from "../keras/random/seed_generator.ts";

/** How many numbers: a shape, a length, or null for a single one. */
export type Size = Shape | number | null | undefined;

function shapeOf(size: Size): Shape {
  if (size === null || size === undefined) return [];
  return typeof size === "number" ? [size] : size;
}

/**
 * A source of random tensors with NumPy's methods. `np.random.defaultRng` makes one; `np.random` itself is one that
 * `utils.setRandomSeed` determines.
 *
 * @example
 * ```ts
 * const rng = random.defaultRng(1);
 * rng.normal(0, 1, [2, 3]).shape; // → [2, 3]
 * ```
 */
export class Generator {
  readonly #seeds: SeedGenerator | undefined;

  /** @param seeds where keys come from (default: the global generator) */
  constructor(seeds?: SeedGenerator) {
    this.#seeds = seeds;
  }

  get #seed(): SeedGenerator {
    return this.#seeds ?? globalSeedGenerator();
  }

  /** Numbers drawn evenly from [0, 1). */
  random(size?: Size): Tensor {
    return random.uniform(shapeOf(size), { seed: this.#seed });
  }

  /** Numbers drawn evenly from [low, high). */
  uniform(low = 0, high = 1, size?: Size): Tensor {
    return random.uniform(shapeOf(size), { minval: low, maxval: high, seed: this.#seed });
  }

  /** Normally distributed numbers with mean `loc` and standard deviation `scale`. */
  normal(loc = 0, scale = 1, size?: Size): Tensor {
    return random.normal(shapeOf(size), { mean: loc, stddev: scale, seed: this.#seed });
  }

  /** Normally distributed numbers with mean 0 and standard deviation 1. */
  standardNormal(size?: Size): Tensor {
    return this.normal(0, 1, size);
  }

  /** Whole numbers from `low` up to `high` - 1; with one number, from 0 up to it. */
  integers(low: number, high?: number | null, size?: Size): Tensor {
    const [from, to] = high === undefined || high === null ? [0, low] : [low, high];
    return random.randint(shapeOf(size), from, to, { seed: this.#seed });
  }

  /** The numbers from 0 to x - 1, or the rows of a tensor, in random order. */
  permutation(x: number | TensorLike): Tensor {
    if (typeof x === "number") return permutation(x, this.#seed);
    const rows = toTensor(x);
    return take(rows, permutation(rows.shape[0] ?? 0, this.#seed), 0);
  }

  /**
   * Rows of a tensor, or numbers below a, picked at random.
   *
   * @param a a tensor, or how many numbers there are to pick from
   * @param size how many (default: one, without an axis)
   * @param options `replace` (default true): whether one can be picked twice; `p`: the probability of each (default: the
   *   same)
   * @throws ValueError when there are fewer than asked for
   */
  choice(
    a: number | TensorLike,
    size?: Size,
    options: { readonly replace?: boolean; readonly p?: TensorLike | null } = {},
  ): Tensor {
    checkOptions("choice", options, ["replace", "p"]);
    const shape = shapeOf(size);
    const from = typeof a === "number" ? undefined : toTensor(a);
    const n = from === undefined ? (a as number) : (from.shape[0] ?? 0);
    const picked = this.#pick(n, sizeOf(shape), options.replace ?? true, options.p ?? null).reshape(shape);
    return from === undefined ? picked : take(from, picked, 0);
  }

  #pick(n: number, count: number, replace: boolean, p: TensorLike | null): Tensor {
    if (n < 1 || (!replace && count > n)) {
      throw new ValueError(
        `choice: cannot pick ${count} of ${show(n)}${replace ? "" : " without replacement"}`,
      );
    }
    const chances = p === null ? undefined : toTensor(p, "float32");
    if (chances !== undefined && (chances.ndim !== 1 || chances.size !== n)) {
      throw new ValueError(
        `choice: expected ${n} probabilities. Received: shape ${show([...chances.shape])}`,
      );
    }
    if (replace) {
      if (chances === undefined) return random.randint([count], 0, n, { seed: this.#seed });
      return random.categorical(log(chances).reshape(1, n), count, { seed: this.#seed }).reshape(count);
    }
    if (chances === undefined) return permutation(n, this.#seed).slice(0, count);
    // The order of arrival of n processes with these rates is a drawing without replacement (Efraimidis, Spirakis, 2006).
    const rates = chances.dataSync();
    const words = randomBits(drawSeed(this.#seed), [n]).dataSync();
    const times = Array.from(words, (word, i) => -Math.log((word + 0.5) / 2 ** 32) / rates[i]!);
    const order = times.map((_, i) => i).sort((i, j) => times[i]! - times[j]!);
    return toTensor(Int32Array.from(order.slice(0, count)));
  }
}
