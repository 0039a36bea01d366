/** The sum of values. */
import { checkOptions, sum, type Tensor, type TensorLike } from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import { Metric, type MetricOptions, metricOptions } from "./metric.ts";
import { samplewise, type UpdateOptions } from "./samplewise.ts";

/**
 * The weighted sum of values.
 *
 * Input: values of any shape. Output: a number.
 *
 * @param options `name` (default `"sum"`), `dtype`
 *
 * @example
 * ```ts
 * const total = new metrics.Sum();
 * total.updateState([1, 3, 5, 7]);
 * total.result().item(); // → 16
 * ```
 */
export class Sum extends Metric {
  static override readonly className: string = "Sum";
  /** The sum so far. */
  readonly total: Variable;

  constructor(options: MetricOptions = {}) {
    checkOptions("Sum", options, metricOptions);
    super({ name: "sum", ...options });
    this.total = this.addVariable([], { dtype: this.dtype, name: "total" });
  }

  /**
   * Adds values.
   *
   * @param options `sampleWeight`
   */
  override updateState(values: TensorLike, options: UpdateOptions = {}): void {
    checkOptions(this.name, options, ["sampleWeight"]);
    this.total.assignAdd(sum(samplewise(values, options.sampleWeight, sum, this.dtype).values));
  }

  override result(): Tensor {
    return this.total.value;
  }
}
