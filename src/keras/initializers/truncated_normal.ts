/** The initializer to normally distributed numbers that are not too far out. */
import { checkOptions, type Shape, type Tensor } from "../../engine/index.ts";
import { truncatedNormal } from "../random/random.ts";
import type { Config } from "../saving/config.ts";
import type { InitializerCallOptions } from "./initializer.ts";
import { RandomInitializer } from "./random_initializer.ts";
import type { NormalOptions } from "./random_normal.ts";

/**
 * Normally distributed numbers within two standard deviations from the mean.
 *
 * @example
 * ```ts
 * const x = new TruncatedNormal({ stddev: 1, seed: 1 })([10]);
 * keras.ops.max(keras.ops.abs(x)).item() <= 2; // → true
 * ```
 */
export class TruncatedNormal extends RandomInitializer {
  static readonly className: string = "TruncatedNormal";
  readonly mean: number;
  readonly stddev: number;

  constructor(options: NormalOptions = {}) {
    checkOptions("TruncatedNormal", options, ["mean", "stddev", "seed"]);
    super(options.seed);
    this.mean = options.mean ?? 0;
    this.stddev = options.stddev ?? 0.05;
  }

  override call(shape: Shape, options: InitializerCallOptions = {}): Tensor {
    const { mean, stddev, seed } = this;
    return truncatedNormal(shape, { mean, stddev, seed, dtype: options.dtype ?? null });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), mean: this.mean, stddev: this.stddev };
  }
}
