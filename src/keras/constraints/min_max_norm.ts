/** Weights whose norm lies between two numbers. */
import {
  checkOptions,
  maximum,
  minimum,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";
import { epsilon } from "../config/config.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { Constraint, normOver } from "./constraint.ts";

/** Options of {@link MinMaxNorm}. */
export interface MinMaxNormOptions {
  /** The smallest norm. Default 0. */
  readonly minValue?: number;
  /** The largest norm. Default 1. */
  readonly maxValue?: number;
  /** How far weights go towards the limits at each update. Default 1: all the way. */
  readonly rate?: number;
  /** The axes that the norm goes over. Default 0. */
  readonly axis?: number | readonly number[];
}

/**
 * Scales weights to a norm between two limits: the new norm is `(1 - rate) · norm + rate · clip(norm)`.
 *
 * @example
 * ```ts
 * const w = new MinMaxNorm({ minValue: 1, maxValue: 2 })([[0.3], [0.4]]);
 * ops.round(w, { decimals: 3 }).arraySync(); // → [[0.6], [0.8]]
 * ```
 */
export class MinMaxNorm extends Constraint {
  static readonly className: string = "MinMaxNorm";
  readonly minValue: number;
  readonly maxValue: number;
  readonly rate: number;
  readonly axis: number | readonly number[];

  constructor(options: MinMaxNormOptions = {}) {
    checkOptions("MinMaxNorm", options, ["minValue", "maxValue", "rate", "axis"]);
    super();
    this.minValue = options.minValue ?? 0;
    this.maxValue = options.maxValue ?? 1;
    this.rate = options.rate ?? 1;
    this.axis = options.axis ?? 0;
  }

  override call(w: TensorLike): Tensor {
    const t = toTensor(w);
    const norm = normOver(t, this.axis);
    const clipped = minimum(maximum(norm, this.minValue), this.maxValue);
    const wanted = clipped.multiply(this.rate).add(norm.multiply(1 - this.rate));
    return t.multiply(wanted.divide(norm.add(epsilon())));
  }

  override getConfig(): Config {
    return { min_value: this.minValue, max_value: this.maxValue, rate: this.rate, axis: this.axis };
  }

  static fromConfig(config: Config): MinMaxNorm {
    return new this(fromConfig(config));
  }
}
