/** The L1 and L2 penalties together. */
import { abs, checkOptions, full, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { checkFactor, Regularizer } from "./regularizer.ts";

/** Options of {@link L1L2}. */
export interface L1L2Options {
  /** The factor of the absolute values. Default 0. */
  readonly l1?: number | null;
  /** The factor of the squares. Default 0. */
  readonly l2?: number | null;
}

/**
 * Penalizes absolute values and squares: `l1 · Σ|x| + l2 · Σx²`.
 *
 * @throws ValueError when a factor is negative or not finite
 *
 * @example
 * ```ts
 * new L1L2({ l1: 0.5, l2: 0.5 })([1, -2]).item(); // → 4
 * ```
 */
export class L1L2 extends Regularizer {
  static readonly className: string = "L1L2";
  readonly l1: number;
  readonly l2: number;

  constructor(options: L1L2Options = {}) {
    checkOptions("L1L2", options, ["l1", "l2"]);
    super();
    this.l1 = checkFactor(options.l1 ?? 0, "l1", "L1L2");
    this.l2 = checkFactor(options.l2 ?? 0, "l2", "L1L2");
  }

  override call(x: TensorLike): Tensor {
    const t = toTensor(x);
    let penalty = full([], 0, t.dtype);
    // A factor of 0 leaves its term out, so that an infinite weight does not make NaN of it.
    if (this.l1 !== 0) penalty = penalty.add(abs(t).sum().multiply(this.l1));
    if (this.l2 !== 0) penalty = penalty.add(t.multiply(t).sum().multiply(this.l2));
    return penalty;
  }

  override getConfig(): Config {
    return { l1: this.l1, l2: this.l2 };
  }

  static fromConfig(config: Config): L1L2 {
    return new this(fromConfig(config));
  }
}
