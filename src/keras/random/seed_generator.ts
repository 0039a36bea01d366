/** Where random functions have their keys from. */
import { add, checkOptions, show, type Tensor, tensor, ValueError } from "../../engine/index.ts";
import { Variable } from "../backend/variable.ts";
import type { Config } from "../saving/config.ts";
import { autoName } from "../utils/naming.ts";
import { makeDefaultSeed } from "./default_seed.ts";

/** Checks that a seed is a whole number. */
export function checkSeed(seed: unknown, where: string): number {
  if (typeof seed === "number" && Number.isSafeInteger(seed)) return seed;
  throw new ValueError(`${where}: a seed is a whole number or a SeedGenerator. Received: ${show(seed)}`);
}

/** A key (uint32[2]) of a seed's low 32 bits, with count 0. */
function keyOf(seed: number): Tensor {
  return tensor(Uint32Array.of(seed >>> 0, 0));
}

/**
 * A source of keys for random functions, each different from the one before. Its state is a variable, so that a compiled
 * program draws new numbers each time it runs.
 *
 * @example
 * ```ts
 * const seeds = new SeedGenerator(42);
 * const a = normal([2, 3], { seed: seeds });
 * const b = normal([2, 3], { seed: seeds }); // other numbers than a
 * ```
 */
export class SeedGenerator {
  static readonly className: string = "SeedGenerator";
  readonly name: string;
  /** The seed and the number of keys drawn, as uint32. */
  readonly state: Variable;
  readonly #seed: number | null;

  /**
   * @param seed a whole number; null (default) for one that `setRandomSeed` determines
   * @param options `name`: what it is called (default: automatic)
   */
  constructor(seed: number | null = null, options: { readonly name?: string | null } = {}) {
    checkOptions("SeedGenerator", options, ["name"]);
    this.name = options.name ?? autoName("SeedGenerator");
    this.#seed = seed;
    const first = seed === null ? makeDefaultSeed() : checkSeed(seed, "SeedGenerator");
    this.state = new Variable(keyOf(first), { name: "seed_generator_state", trainable: false });
  }

  /** A key (uint32[2]) that was not drawn before. */
  next(): Tensor {
    const key = this.state.value;
    this.state.assign(add(key, Uint32Array.of(0, 1)));
    return key;
  }

  /** Begins anew with a seed. */
  reset(seed: number): void {
    this.state.assign(keyOf(checkSeed(seed, "SeedGenerator.reset")));
  }

  /** What `fromConfig` makes it from. */
  getConfig(): Config {
    return { seed: this.#seed, name: this.name };
  }

  /** The generator that a config describes. */
  static fromConfig(config: Config): SeedGenerator {
    const { seed = null, ...options } = config;
    return new SeedGenerator(seed as number | null, options);
  }
}

/** What random functions take as seed: a whole number, a generator, or null for the global one. */
export type Seed = number | SeedGenerator | null | undefined;

let shared: SeedGenerator | undefined;

/** The generator that random functions use when they are given no seed. */
export function globalSeedGenerator(): SeedGenerator {
  // One object for good: programs that were compiled with it must see a new seed.
  shared ??= new SeedGenerator(makeDefaultSeed(), { name: "global_seed_generator" });
  return shared;
}

/** A key for a random function. The same whole number gives the same key at every call. */
export function drawSeed(seed: Seed): Tensor {
  if (seed instanceof SeedGenerator) return seed.next();
  if (seed === null || seed === undefined) return globalSeedGenerator().next();
  return keyOf(checkSeed(seed, "seed"));
}
