/** Bright pixels turned to negatives. */
import { less, subtract, type Tensor, type TensorLike, toTensor, where } from "../../../../engine/index.ts";
import { clip } from "../../../ops/numpy_elementwise.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { type Factor, type Range, symmetricRange } from "./factors.ts";
import { type ImageSizes, perImage } from "./image_batch.ts";
import { bytes, moveRange, ValueRangeLayer, type ValueRangeOptions } from "./value_range.ts";

/** Options of {@link Solarization}. */
export interface SolarizationOptions extends ValueRangeOptions {
  /** What is added, as a part of 255: from one number to another, or from 0 to one. Default 0. */
  readonly additionFactor?: Factor;
  /** From where on pixels are turned, as a part of 255: from one number to another, or from 0 to one. Default 0. */
  readonly thresholdFactor?: Factor;
}

/** What is added to images, and from where on pixels are turned, of 255; one of each for each image. */
export interface SolarizationTransformation {
  readonly additions: TensorLike;
  readonly thresholds: TensorLike;
}

/**
 * While training, makes negatives of the pixels that are not below a threshold: `x` becomes `255 - x` (of a range from 0 to
 * 255).
 *
 * Input and output: an image or a batch; or an object of `images` and what belongs to them.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors outside of [0, 1]
 *
 * @example
 * ```ts
 * const layer = new Solarization();
 * const some = layer.transformImages([[[[100], [200]]]], { additions: [0], thresholds: [150] });
 * some.arraySync(); // → [[[[100], [55]]]]
 * ```
 */
export class Solarization extends ValueRangeLayer<SolarizationTransformation> {
  static readonly className: string = "Solarization";
  readonly additionFactor: Range;
  readonly thresholdFactor: Range;

  /**
   * @param options `additionFactor`, `thresholdFactor` (default 0), `valueRange` (default `[0, 255]`), `seed`, `dataFormat`,
   *   `boundingBoxFormat`, and those of every layer
   */
  constructor(options: SolarizationOptions = {}) {
    super("Solarization", options, ["additionFactor", "thresholdFactor"]);
    const range = (factor: Factor, name: string): Range => {
      const [lower, upper] = symmetricRange(factor, [0, 1], "Solarization", name);
      return [Math.max(lower, 0), upper];
    };
    this.additionFactor = range(options.additionFactor ?? 0, "additionFactor");
    this.thresholdFactor = range(options.thresholdFactor ?? 0, "thresholdFactor");
  }

  override draw({ batch }: ImageSizes, seed: Seed): SolarizationTransformation {
    // Only the upper end is scaled, as in Keras.
    const drawn = ([lower, upper]: Range): Tensor =>
      this.drawFrom([lower, upper * 255], [batch, 1, 1, 1], seed);
    return { additions: drawn(this.additionFactor), thresholds: drawn(this.thresholdFactor) };
  }

  protected override transform(images: Tensor, transformation: SolarizationTransformation): Tensor {
    const { additions, thresholds } = transformation;
    const each = (x: TensorLike): Tensor => perImage(toTensor(x)).astype(images.dtype);
    const x = clip(moveRange(images, this.valueRange, bytes).add(each(additions)), ...bytes);
    const turned = where(less(x, each(thresholds)), x, subtract(255, x));
    return moveRange(turned, bytes, this.valueRange);
  }

  override getConfig(): Config {
    const { additionFactor, thresholdFactor } = this;
    return { ...super.getConfig(), addition_factor: additionFactor, threshold_factor: thresholdFactor };
  }
}
