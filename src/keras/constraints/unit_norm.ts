/** Weights of norm 1. */
import { checkOptions, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { epsilon } from "../config/config.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { Constraint, normOver } from "./constraint.ts";
import type { NormOptions } from "./max_norm.ts";

/**
 * Scales weights to norm 1.
 *
 * @param options `axis` (default 0): the axes that the norm goes over
 *
 * @example
 * ```ts
 * const w = new UnitNorm()([[3], [4]]);
 * ops.round(w, { decimals: 3 }).arraySync(); // → [[0.6], [0.8]]
 * ```
 */
export class UnitNorm extends Constraint {
  static readonly className: string = "UnitNorm";
  readonly axis: number | readonly number[];

  constructor(options: NormOptions = {}) {
    checkOptions("UnitNorm", options, ["axis"]);
    super();
    this.axis = options.axis ?? 0;
  }

  override call(w: TensorLike): Tensor {
    const t = toTensor(w);
    return t.divide(normOver(t, this.axis).add(epsilon()));
  }

  override getConfig(): Config {
    return { axis: this.axis };
  }

  static fromConfig(config: Config): UnitNorm {
    return new this(fromConfig(config));
  }
}
