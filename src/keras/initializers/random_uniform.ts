/** The initializer to evenly distributed numbers. */
import { checkOptions, type Shape, type Tensor } from "../../engine/index.ts";
import { uniform } from "../random/random.ts";
import type { Config } from "../saving/config.ts";
import type { InitializerCallOptions } from "./initializer.ts";
import { RandomInitializer, type SeedOptions } from "./random_initializer.ts";

/** Options of {@link RandomUniform}. */
export interface UniformOptions extends SeedOptions {
  /** The lower end of the range. Default -0.05. */
  readonly minval?: number;
  /** The upper end of the range, which is not reached. Default 0.05. */
  readonly maxval?: number;
}

/**
 * Numbers drawn evenly from [minval, maxval).
 *
 * @example
 * ```ts
 * const x = new RandomUniform({ minval: 2, maxval: 3, seed: 1 })([10]);
 * [keras.ops.min(x).item() >= 2, keras.ops.max(x).item() < 3]; // → [true, true]
 * ```
 */
export class RandomUniform extends RandomInitializer {
  static readonly className: string = "RandomUniform";
  readonly minval: number;
  readonly maxval: number;

  constructor(options: UniformOptions = {}) {
    checkOptions("RandomUniform", options, ["minval", "maxval", "seed"]);
    super(options.seed);
    this.minval = options.minval ?? -0.05;
    this.maxval = options.maxval ?? 0.05;
  }

  override call(shape: Shape, options: InitializerCallOptions = {}): Tensor {
    const { minval, maxval, seed } = this;
    return uniform(shape, { minval, maxval, seed, dtype: options.dtype ?? null });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), minval: this.minval, maxval: this.maxval };
  }
}
