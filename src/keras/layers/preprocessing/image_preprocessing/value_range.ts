/** What image layers share that know which values pixels can have. */
import type { Tensor } from "../../../../engine/index.ts";
import type { Config } from "../../../saving/config.ts";
import { type Range, valueRange } from "./factors.ts";
import { RandomImageLayer, type RandomImageOptions } from "./random_image_layer.ts";

/** The range of values of bytes. */
export const bytes: Range = [0, 255];

/** Options of image layers that know which values pixels can have. */
export interface ValueRangeOptions extends RandomImageOptions {
  /** The lowest and the highest value of pixels. Default `[0, 255]`. */
  readonly valueRange?: Range;
}

/** Values moved from one range to another; the same range leaves them as they are. */
export function moveRange(x: Tensor, [low, high]: Range, [targetLow, targetHigh]: Range): Tensor {
  if (low === targetLow && high === targetHigh) return x;
  return x
    .subtract(low)
    .divide(high - low)
    .multiply(targetHigh - targetLow)
    .add(targetLow);
}

/** A random image layer with a range of values. */
export abstract class ValueRangeLayer<T> extends RandomImageLayer<T> {
  readonly valueRange: Range;

  constructor(where: string, options: ValueRangeOptions, own: readonly string[]) {
    super(where, options, [...own, "valueRange"]);
    this.valueRange = valueRange(options.valueRange ?? bytes, where);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), value_range: this.valueRange, seed: this.seed };
  }
}
