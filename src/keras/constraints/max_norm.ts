/** Weights whose norm is at most a given number. */
import { checkOptions, minimum, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { epsilon } from "../config/config.ts";
import type { Config } from "../saving/config.ts";
import { Constraint, normOver } from "./constraint.ts";

/** Options of constraints on norms. */
export interface NormOptions {
  /** The axes that the norm goes over: 0 (the default) for the columns of a Dense kernel. */
  readonly axis?: number | readonly number[];
}

/**
 * Scales weights down to a norm of at most `maxValue`.
 *
 * @example
 * ```ts
 * const w = new MaxNorm(1)([[3], [4]]);
 * ops.round(w, { decimals: 3 }).arraySync(); // → [[0.6], [0.8]]
 * ```
 */
export class MaxNorm extends Constraint {
  static readonly className: string = "MaxNorm";
  readonly maxValue: number;
  readonly axis: number | readonly number[];

  /**
   * @param maxValue the largest norm. Default 2
   * @param options `axis` (default 0)
   */
  constructor(maxValue = 2, options: NormOptions = {}) {
    checkOptions("MaxNorm", options, ["axis"]);
    super();
    this.maxValue = maxValue;
    this.axis = options.axis ?? 0;
  }

  override call(w: TensorLike): Tensor {
    const t = toTensor(w);
    const norm = normOver(t, this.axis);
    return t.multiply(minimum(norm, this.maxValue).divide(norm.add(epsilon())));
  }

  override getConfig(): Config {
    return { max_value: this.maxValue, axis: this.axis };
  }

  static fromConfig(config: Config): MaxNorm {
    return new this(config.max_value as number, { axis: config.axis as number });
  }
}
