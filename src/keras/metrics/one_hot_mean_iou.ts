/** The intersection over union of all classes, for one-hot labels. */
import { checkOptions } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { iouOptions } from "./iou.ts";
import { MeanIoU } from "./mean_iou.ts";
import type { OneHotIoUOptions } from "./one_hot_iou.ts";

/**
 * The mean intersection over union of all classes, for labels that are one-hot vectors and predictions that are
 * probabilities.
 *
 * Input: targets and predictions `(batch, …, classes)`. Output: a number.
 *
 * @param numClasses how many classes there are
 * @param options `ignoreClass` (default none), `sparseYPred` (default false), `axis` (default -1), `name` (default
 *   `"one_hot_mean_io_u"`), `dtype` (default `"int32"`)
 *
 * @example
 * ```ts
 * const metric = new metrics.OneHotMeanIoU(2);
 * metric.updateState([[1, 0], [1, 0], [0, 1]], [[0.9, 0.1], [0.2, 0.8], [0.1, 0.9]]);
 * metric.result().item().toFixed(4); // → "0.5000"
 * ```
 */
export class OneHotMeanIoU extends MeanIoU {
  static override readonly className: string = "OneHotMeanIoU";

  constructor(numClasses: number, options: OneHotIoUOptions = {}) {
    checkOptions(
      "OneHotMeanIoU",
      options,
      iouOptions.filter((name) => name !== "sparseYTrue"),
    );
    super(numClasses, { sparseYPred: false, ...options, sparseYTrue: false });
  }

  override getConfig(): Config {
    const { sparse_y_true: _, ...config } = super.getConfig();
    return config;
  }
}
