/** The L1 penalty. */
import { abs, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { checkFactor, Regularizer } from "./regularizer.ts";

/**
 * Penalizes the sum of absolute values: `l1 · Σ|x|`.
 *
 * @example
 * ```ts
 * new L1(0.5)([1, -2]).item(); // → 1.5
 * ```
 */
export class L1 extends Regularizer {
  static readonly className: string = "L1";
  readonly l1: number;

  /**
   * @param l1 the factor. Default 0.01
   * @throws ValueError when it is negative or not finite
   */
  constructor(l1: number | null = 0.01) {
    super();
    // Keras keeps this factor as a float32, which shows in its configs.
    this.l1 = Math.fround(checkFactor(l1 ?? 0.01, "l1", "L1"));
  }

  override call(x: TensorLike): Tensor {
    return abs(toTensor(x)).sum().multiply(this.l1);
  }

  override getConfig(): Config {
    return { l1: this.l1 };
  }

  static fromConfig(config: Config): L1 {
    return new this(config.l1 as number);
  }
}
