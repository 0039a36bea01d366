/** Brightness changed at random. */
import { type Tensor, type TensorLike, toTensor } from "../../../../engine/index.ts";
import { clip } from "../../../ops/numpy_elementwise.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { type Factor, factorRange, type Range } from "./factors.ts";
import { type ImageSizes, perImage } from "./image_batch.ts";
import { ValueRangeLayer, type ValueRangeOptions } from "./value_range.ts";

/** What is added to images. */
export interface BrightnessTransformation {
  /** One for each image. */
  readonly rgbDelta: TensorLike;
}

/**
 * While training, adds a random number to each image, the same for all of its pixels, and cuts to the range of values.
 *
 * Input and output: an image or a batch; or an object of `images` and what belongs to them.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors outside of [-1, 1]
 *
 * @example
 * ```ts
 * const layer = new RandomBrightness([0.5, 0.5], { valueRange: [0, 1] });
 * layer([[[0.25], [0.75]]]).arraySync(); // → [[[0.75], [1.0]]]
 * ```
 */
export class RandomBrightness extends ValueRangeLayer<BrightnessTransformation> {
  static readonly className: string = "RandomBrightness";
  static override readonly positional: readonly string[] = ["factor"];
  readonly factor: Range;

  /**
   * @param factor what is added, as a part of the range of values: from one number to another, or from minus one number to it
   * @param options `valueRange` (default `[0, 255]`), `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(factor: Factor, options: ValueRangeOptions = {}) {
    super("RandomBrightness", options, []);
    this.factor = factorRange(factor, [-1, 1], "RandomBrightness");
  }

  protected override get castsImages(): boolean {
    return false;
  }

  override draw({ batch }: ImageSizes, seed: Seed): BrightnessTransformation {
    const [low, high] = this.valueRange;
    return { rgbDelta: this.drawFrom(this.factor, [batch, 1, 1, 1], seed).multiply(high - low) };
  }

  protected override transform(images: Tensor, { rgbDelta }: BrightnessTransformation): Tensor {
    const delta = perImage(toTensor(rgbDelta)).astype(images.dtype);
    return clip(images.add(delta), ...this.valueRange);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}
