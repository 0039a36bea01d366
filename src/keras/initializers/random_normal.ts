/** The initializer to normally distributed numbers. */
import { checkOptions, type Shape, type Tensor } from "../../engine/index.ts";
import { normal } from "../random/random.ts";
import type { Config } from "../saving/config.ts";
import type { InitializerCallOptions } from "./initializer.ts";
import { RandomInitializer, type SeedOptions } from "./random_initializer.ts";

/** Options of {@link RandomNormal} and {@link TruncatedNormal}. */
export interface NormalOptions extends SeedOptions {
  /** The mean of the distribution. Default 0. */
  readonly mean?: number;
  /** The standard deviation of the distribution. Default 0.05. */
  readonly stddev?: number;
}

/**
 * Normally distributed numbers.
 *
 * @example
 * ```ts
 * new RandomNormal({ stddev: 0.01, seed: 3 })([4, 5]).shape; // → [4, 5]
 * ```
 */
export class RandomNormal extends RandomInitializer {
  static readonly className: string = "RandomNormal";
  readonly mean: number;
  readonly stddev: number;

  constructor(options: NormalOptions = {}) {
    checkOptions("RandomNormal", options, ["mean", "stddev", "seed"]);
    super(options.seed);
    this.mean = options.mean ?? 0;
    this.stddev = options.stddev ?? 0.05;
  }

  override call(shape: Shape, options: InitializerCallOptions = {}): Tensor {
    const { mean, stddev, seed } = this;
    return normal(shape, { mean, stddev, seed, dtype: options.dtype ?? null });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), mean: this.mean, stddev: this.stddev };
  }
}
