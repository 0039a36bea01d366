/** Negatives of images, at random. */
import { subtract, type Tensor, type TensorLike, toTensor, where } from "../../../../engine/index.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { type Factor, factorRange, type Range } from "./factors.ts";
import { type ImageSizes, perImage } from "./image_batch.ts";
import { ValueRangeLayer, type ValueRangeOptions } from "./value_range.ts";

/** Options of {@link RandomInvert}. */
export interface RandomInvertOptions extends ValueRangeOptions {
  /** How probable it is: from one number to another, or from 0 to one. Default 1. */
  readonly factor?: Factor;
}

/** Which images become negatives. */
export interface InvertTransformation {
  readonly applyInversion: TensorLike;
}

/**
 * While training, makes negatives of some images: the highest value there can be, minus the pixel.
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
 * new RandomInvert({ factor: [1, 1] })([[[0], [55]]]).arraySync(); // → [[[255], [200]]]
 * ```
 */
export class RandomInvert extends ValueRangeLayer<InvertTransformation> {
  static readonly className: string = "RandomInvert";
  readonly factor: Range;

  /**
   * @param options `factor` (default 1), `valueRange` (default `[0, 255]`), `seed`, `dataFormat`, `boundingBoxFormat`, and
   *   those of every layer
   */
  constructor(options: RandomInvertOptions = {}) {
    super("RandomInvert", options, ["factor"]);
    this.factor = factorRange(options.factor ?? 1, [0, 1], "RandomInvert");
  }

  protected override get castsImages(): boolean {
    return false;
  }

  override draw({ batch }: ImageSizes, seed: Seed): InvertTransformation {
    return { applyInversion: this.drawChoices(this.factor, batch, seed) };
  }

  protected override transform(given: Tensor, { applyInversion }: InvertTransformation): Tensor {
    const images = given.astype(this.computeDtype);
    return where(perImage(toTensor(applyInversion, "bool")), subtract(this.valueRange[1], images), images);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}
