/** The initializer to evenly distributed numbers. */
import { checkOptions, type Shape, type Tensor } from "../../engine/index.ts";
import { uniform } from "../random/random.ts";
import type { Config } from "../saving/config.ts";
import type { InitializerCallOptions } from "./initializer.ts";
import { RandomInitializer, type SeedOptions } from "./random_initializer.ts";

/** Options of {@link RandomUniform}. */
export interface UniformOptions extends SeedOptions {
  /** Default -0.05. */
  readonly minval?: number;
  /** Default 0.05. */
  readonly maxval?: number;
}

/** Numbers drawn evenly from [minval, maxval). */
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
