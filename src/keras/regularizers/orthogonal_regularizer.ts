/** The penalty on rows or columns that are not orthogonal. */
import {
  abs,
  checkOptions,
  didYouMean,
  equal,
  iota,
  matmul,
  minimum,
  rsqrt,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
  where,
} from "../../engine/index.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { checkFactor, Regularizer } from "./regularizer.ts";

/** Options of {@link OrthogonalRegularizer}. */
export interface OrthogonalRegularizerOptions {
  /** How much the penalty counts. Default 0.01. */
  readonly factor?: number;
  /** What is to be orthogonal. Default `"rows"`. */
  readonly mode?: "rows" | "columns";
}

/**
 * Penalizes rows or columns that are not orthogonal: the factor times the mean, over all pairs, of the absolute cosine
 * of their angle.
 *
 * @throws ValueError for a factor that is negative and for an unknown mode; ShapeError when called with anything but a
 *   matrix
 *
 * @example
 * ```ts
 * new OrthogonalRegularizer({ factor: 0.5 })([[2, 0], [3, 0]]).item(); // → 0.5
 * ```
 */
export class OrthogonalRegularizer extends Regularizer {
  static readonly className: string = "OrthogonalRegularizer";
  readonly factor: number;
  readonly mode: "rows" | "columns";

  constructor(options: OrthogonalRegularizerOptions = {}) {
    checkOptions("OrthogonalRegularizer", options, ["factor", "mode"]);
    super();
    const { factor = 0.01, mode = "rows" } = options;
    if (mode !== "rows" && mode !== "columns") {
      const hint = didYouMean(String(mode), ["rows", "columns"]);
      throw new ValueError(
        `OrthogonalRegularizer: expected mode to be "rows" or "columns". Received: ${show(mode)}.${hint}`,
      );
    }
    // Keras keeps this factor as a float32, which shows in its configs.
    this.factor = Math.fround(checkFactor(factor, "factor", "OrthogonalRegularizer"));
    this.mode = mode;
  }

  override call(x: TensorLike): Tensor {
    const t = toTensor(x);
    if (t.ndim !== 2) {
      throw new ShapeError(`OrthogonalRegularizer: expected a matrix. Received shape ${showShape(t.shape)}`);
    }
    const rows = this.mode === "rows" ? t : t.transpose();
    const scale = minimum(rsqrt(rows.multiply(rows).sum(1, { keepdims: true })), 1e12);
    const unit = rows.multiply(scale);
    const cosines = abs(matmul(unit, unit.transpose()));
    const n = unit.shape[0]!;
    const others = where(equal(iota([n, n], 0), iota([n, n], 1)), 0, cosines);
    return others.sum().multiply((this.factor * 0.5) / ((n * (n - 1)) / 2));
  }

  override getConfig(): Config {
    return { factor: this.factor, mode: this.mode };
  }

  static fromConfig(config: Config): OrthogonalRegularizer {
    return new this(fromConfig(config));
  }
}
