/** The intersection over union of some classes, for one-hot labels. */
import { checkOptions } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { IoU, type IoUOptions, iouOptions } from "./iou.ts";

/** Options of {@link OneHotIoU}: as those of `IoU`, but predictions are probabilities unless `sparseYPred` is set. */
export type OneHotIoUOptions = Omit<IoUOptions, "sparseYTrue">;

/**
 * The mean intersection over union of some classes, for labels that are one-hot vectors and predictions that are
 * probabilities.
 *
 * Input: targets and predictions `(batch, …, classes)`. Output: a number.
 *
 * @param numClasses how many classes there are
 * @param targetClassIds the classes that are looked at
 * @param options `ignoreClass` (default none), `sparseYPred` (default false), `axis` (default -1), `name` (default
 *   `"one_hot_io_u"`), `dtype` (default `"int32"`)
 *
 * @example
 * ```ts
 * const metric = new metrics.OneHotIoU(2, [0]);
 * metric.updateState([[1, 0], [1, 0], [0, 1]], [[0.9, 0.1], [0.2, 0.8], [0.1, 0.9]]);
 * metric.result().item().toFixed(4); // → "0.5000"
 * ```
 */
export class OneHotIoU extends IoU {
  static override readonly className: string = "OneHotIoU";

  constructor(numClasses: number, targetClassIds: readonly number[], options: OneHotIoUOptions = {}) {
    checkOptions(
      "OneHotIoU",
      options,
      iouOptions.filter((name) => name !== "sparseYTrue"),
    );
    super(numClasses, targetClassIds, { sparseYPred: false, ...options, sparseYTrue: false });
  }

  override getConfig(): Config {
    const { sparse_y_true: _, ...config } = super.getConfig();
    return config;
  }
}
