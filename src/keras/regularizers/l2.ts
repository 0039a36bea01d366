/** The L2 penalty. */
import { type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { checkFactor, Regularizer } from "./regularizer.ts";

/**
 * Penalizes the sum of squares: `l2 · Σx²`.
 *
 * @example
 * ```ts
 * new L2(0.5)([1, -2]).item(); // → 2.5
 * ```
 */
export class L2 extends Regularizer {
  static readonly className: string = "L2";
  readonly l2: number;

  /**
   * @param l2 the factor. Default 0.01
   * @throws ValueError when it is negative or not finite
   */
  constructor(l2: number | null = 0.01) {
    super();
    this.l2 = checkFactor(l2 ?? 0.01, "l2", "L2");
  }

  override call(x: TensorLike): Tensor {
    const t = toTensor(x);
    return t.multiply(t).sum().multiply(this.l2);
  }

  override getConfig(): Config {
    return { l2: this.l2 };
  }

  static fromConfig(config: Config): L2 {
    return new this(config.l2 as number);
  }
}
