/** The intersection over union of two classes that a threshold tells apart. */
import { checkOptions, greaterEqual, type TensorLike } from "../../engine/index.ts";
import { type Config, fromConfig } from "../saving/config.ts";
import { IoU } from "./iou.ts";
import { type MetricOptions, metricOptions } from "./metric.ts";
import type { UpdateOptions } from "./samplewise.ts";

/** Options of {@link BinaryIoU}. */
export interface BinaryIoUOptions extends MetricOptions {
  /** The classes that are looked at. Default: 0 and 1. */
  readonly targetClassIds?: readonly number[];
  /** The probability from which a prediction means class 1. Default 0.5. */
  readonly threshold?: number;
}

/**
 * The mean intersection over union of class 0 and class 1, for predictions that are probabilities of class 1.
 *
 * Input: targets 0 or 1 and predictions from 0 to 1, of one shape. Output: a number.
 *
 * @param options `targetClassIds` (default [0, 1]), `threshold` (default 0.5), `name` (default `"binary_io_u"`), `dtype`
 *   (default `"int32"`)
 *
 * @example
 * ```ts
 * const metric = new metrics.BinaryIoU({ threshold: 0.3 });
 * metric.updateState([0, 1, 0, 1], [0.1, 0.2, 0.4, 0.7]);
 * metric.result().item().toFixed(4); // → "0.3333"
 * ```
 */
export class BinaryIoU extends IoU {
  static override readonly className: string = "BinaryIoU";
  readonly threshold: number;

  constructor(options: BinaryIoUOptions = {}) {
    checkOptions("BinaryIoU", options, [...metricOptions, "targetClassIds", "threshold"]);
    const { targetClassIds = [0, 1], threshold = 0.5, ...rest } = options;
    super(2, targetClassIds, rest);
    this.threshold = threshold;
  }

  override updateState(yTrue: TensorLike, yPred: TensorLike, options: UpdateOptions = {}): void {
    super.updateState(yTrue, greaterEqual(yPred, this.threshold), options);
  }

  override getConfig(): Config {
    const { targetClassIds, threshold, name, dtype } = this;
    return { target_class_ids: targetClassIds, threshold, name, dtype };
  }

  static override fromConfig<T>(this: new (...args: never[]) => T, config: Config): T {
    return new this(fromConfig(config) as never);
  }
}
