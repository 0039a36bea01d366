/** The intersection over union of all classes. */
import type { Config } from "../saving/config.ts";
import { fromConfig } from "../saving/config.ts";
import { checkDeclaredLength } from "../saving/reading_limits.ts";
import { IoU, type IoUOptions } from "./iou.ts";

/**
 * The mean intersection over union of all classes.
 *
 * Input: targets and predictions: the numbers of the classes, of one shape. Output: a number.
 *
 * @param numClasses how many classes there are
 * @param options `ignoreClass` (default none), `sparseYTrue` (default true), `sparseYPred` (default true), `axis` (default
 *   -1), `name` (default `"mean_io_u"`), `dtype` (default `"int32"`)
 *
 * @example
 * ```ts
 * const metric = new metrics.MeanIoU(2);
 * metric.updateState([0, 0, 1, 1], [0, 1, 0, 1]);
 * metric.result().item().toFixed(4); // → "0.3333"
 * ```
 */
export class MeanIoU extends IoU {
  static override readonly className: string = "MeanIoU";

  constructor(numClasses: number, options: IoUOptions = {}) {
    checkDeclaredLength(numClasses, "MeanIoU");
    super(
      numClasses,
      Array.from({ length: Math.max(0, Math.trunc(numClasses) || 0) }, (_, i) => i),
      options,
    );
  }

  override getConfig(): Config {
    const { target_class_ids: _, ...config } = super.getConfig();
    return config;
  }

  static override fromConfig<T>(this: new (...args: never[]) => T, config: Config): T {
    const { numClasses, ...options } = fromConfig(config);
    return new this(...([numClasses, options] as never[]));
  }
}
