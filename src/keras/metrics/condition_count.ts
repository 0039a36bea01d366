/** What the four metrics that count predictions share. */
import { checkOptions, type Tensor, type TensorLike } from "../../engine/index.ts";
import type { Variable } from "../backend/variable.ts";
import type { Config } from "../saving/config.ts";
import { type Count, confusionCounts, parseThresholds } from "./confusion.ts";
import { Metric, type MetricOptions, metricOptions } from "./metric.ts";
import type { UpdateOptions } from "./samplewise.ts";

/** Options of metrics that count. */
export interface ConditionCountOptions extends MetricOptions {
  /** The probability above which a prediction means yes, or several such. Default 0.5. */
  readonly thresholds?: number | readonly number[] | null;
}

/** A count of predictions of one kind: a number, or one for each threshold. */
export abstract class ConditionCount extends Metric {
  /** How many there were, for each threshold. */
  readonly accumulator: Variable;
  readonly thresholds: readonly number[];
  readonly #given: number | readonly number[] | null;
  readonly #count: Count;

  constructor(count: Count, className: string, options: ConditionCountOptions) {
    checkOptions(className, options, [...metricOptions, "thresholds"]);
    const { thresholds = null, ...rest } = options;
    super(rest);
    this.#count = count;
    this.#given = thresholds;
    this.thresholds = parseThresholds(className, thresholds, 0.5);
    this.accumulator = this.addVariable([this.thresholds.length], { name: "accumulator" });
  }

  /**
   * Adds a batch.
   *
   * @param options `sampleWeight`
   */
  override updateState(yTrue: TensorLike, yPred: TensorLike, options: UpdateOptions = {}): void {
    checkOptions(this.name, options, ["sampleWeight"]);
    const { thresholds, accumulator } = this;
    const counts = confusionCounts(yTrue, yPred, { ...options, thresholds, dtype: accumulator.dtype });
    accumulator.assignAdd(counts[this.#count]());
  }

  override result(): Tensor {
    const counts = this.accumulator.value;
    return this.thresholds.length === 1 ? counts.reshape([]) : counts;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), thresholds: this.#given };
  }
}
