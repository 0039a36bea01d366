/** The crossentropy of yes and no. */
import { checkOptions } from "../../engine/index.ts";
import { binaryCrossentropy } from "../losses/binary_crossentropy.ts";
import { MeanMetricWrapper } from "./mean_metric_wrapper.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";

interface FunctionOptions {
  /** Whether predictions are what goes into a sigmoid, not what comes out. Default false. */
  readonly fromLogits?: boolean;
  /** How far labels are drawn towards 1/2, from 0 to 1. Default 0. */
  readonly labelSmoothing?: number;
}

/** Options of {@link BinaryCrossentropy}. */
export interface BinaryCrossentropyOptions extends MetricOptions, FunctionOptions {}

/**
 * The crossentropy of yes and no: the mean over samples of `losses.binaryCrossentropy`.
 *
 * @param options `fromLogits` (default false), `labelSmoothing` (default 0), `name`
 *   (default `"binary_crossentropy"`), `dtype`
 *
 * @example
 * ```ts
 * const metric = new metrics.BinaryCrossentropy();
 * metric.updateState([[1]], [[0.5]]);
 * metric.result().item(); // → 0.6931471824645996
 * ```
 */
export class BinaryCrossentropy extends MeanMetricWrapper<FunctionOptions> {
  static override readonly className: string = "BinaryCrossentropy";

  constructor(options: BinaryCrossentropyOptions = {}) {
    checkOptions("BinaryCrossentropy", options, [...metricOptions, "fromLogits", "labelSmoothing"]);
    super(binaryCrossentropy, {
      name: "binary_crossentropy",
      fromLogits: false,
      labelSmoothing: 0,
      ...options,
    });
  }
}
