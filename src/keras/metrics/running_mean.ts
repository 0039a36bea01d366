/** What metrics that are means over samples share. */
import { sum, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import { divideNoNan } from "../ops/numpy_elementwise.ts";
import { Metric, type MetricOptions } from "./metric.ts";
import { samplewise } from "./samplewise.ts";

/** A weighted mean over all samples so far. */
export abstract class RunningMean extends Metric {
  readonly total: Variable;
  readonly count: Variable;

  constructor(options: MetricOptions = {}) {
    super(options);
    this.total = this.addVariable([], { dtype: this.dtype, name: "total" });
    this.count = this.addVariable([], { dtype: this.dtype, name: "count" });
  }

  /** Adds values, the mean over what belongs to one sample counting as its value. */
  protected include(input: TensorLike, sampleWeight: TensorLike | null | undefined): void {
    const { values, weights } = samplewise(input, sampleWeight, (x, axes) => x.mean(axes), this.dtype);
    this.total.assignAdd(sum(values));
    this.count.assignAdd(weights === undefined ? toTensor(values.shape[0] ?? 1, this.dtype) : sum(weights));
  }

  override result(): Tensor {
    return divideNoNan(this.total, this.count);
  }
}
