/** The base of initializers that draw random numbers. */
import { show, ValueError } from "../../engine/index.ts";
import { makeDefaultSeed } from "../random/default_seed.ts";
import { SeedGenerator } from "../random/seed_generator.ts";
import type { Config } from "../saving/config.ts";
import { isSerialized, serializeObject } from "../saving/registry.ts";
import { Initializer } from "./initializer.ts";

/** Options of random initializers. */
export interface SeedOptions {
  /**
   * A whole number gives the same values at every call, a `SeedGenerator` new ones. Null (default) takes a number that
   * `utils.setRandomSeed` determines.
   */
  readonly seed?: number | SeedGenerator | null;
}

/**
 * An initializer with a seed.
 *
 * @example
 * ```ts
 * new initializers.RandomNormal({ seed: 7 }) instanceof initializers.RandomInitializer; // → true
 * ```
 */
export abstract class RandomInitializer extends Initializer {
  readonly seed: number | SeedGenerator;
  readonly #given: number | SeedGenerator | null;

  constructor(seed: number | SeedGenerator | null | undefined) {
    super();
    // A config holds a generator in its written form.
    const given = isSerialized(seed) ? SeedGenerator.fromConfig(seed.config as Config) : (seed ?? null);
    if (given !== null && !(given instanceof SeedGenerator) && !Number.isSafeInteger(given)) {
      throw new ValueError(
        `${new.target.name}: a seed is a whole number or a SeedGenerator. Received: ${show(given)}`,
      );
    }
    this.#given = given;
    this.seed = given ?? makeDefaultSeed();
  }

  override getConfig(): Config {
    return this.seedConfig();
  }

  protected seedConfig(): Config {
    const seed = this.#given;
    return { seed: seed instanceof SeedGenerator ? serializeObject(seed, "keras.random") : seed };
  }
}
