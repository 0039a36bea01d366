/** Colors made paler at random. */
import { type Tensor, type TensorLike, toTensor } from "../../../../engine/index.ts";
import { rgbToGrayscale } from "../../../ops/image_color.ts";
import { clip } from "../../../ops/numpy_elementwise.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { type Factor, factorRange, type Range } from "./factors.ts";
import { type ImageSizes, perImage } from "./image_batch.ts";
import { ValueRangeLayer, type ValueRangeOptions } from "./value_range.ts";

/** A factor for each image. */
export interface FactorTransformation {
  readonly factor: TensorLike;
}

/**
 * While training, mixes images with their shades of gray: with 0 they stay, with 1 they are gray.
 *
 * Input and output: an image or a batch with three channels; or an object of `images` and what belongs to them.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors outside of [-1, 1]
 *
 * @example
 * ```ts
 * const layer = new RandomColorDegeneration([0.5, 0.5]);
 * layer([[[100, 0, 0]]]).arraySync(); // → [[[64.95, 14.95, 14.95]]]
 * ```
 */
export class RandomColorDegeneration extends ValueRangeLayer<FactorTransformation> {
  static readonly className: string = "RandomColorDegeneration";
  static override readonly positional: readonly string[] = ["factor"];
  readonly factor: Range;

  /**
   * @param factor how much gray there is: from one number to another, or from minus one number to it
   * @param options `valueRange` (default `[0, 255]`), `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(factor: Factor, options: ValueRangeOptions = {}) {
    super("RandomColorDegeneration", options, []);
    this.factor = factorRange(factor, [-1, 1], "RandomColorDegeneration");
  }

  protected override get castsImages(): boolean {
    return false;
  }

  override draw({ batch }: ImageSizes, seed: Seed): FactorTransformation {
    return { factor: this.drawFrom(this.factor, [batch, 1, 1, 1], seed) };
  }

  protected override transform(given: Tensor, { factor }: FactorTransformation): Tensor {
    const images = given.astype(this.computeDtype);
    const gray = rgbToGrayscale(images, { dataFormat: this.dataFormat });
    const share = perImage(toTensor(factor)).astype(this.computeDtype);
    return clip(images.add(share.multiply(gray.subtract(images))), ...this.valueRange);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}
