/** Fewer shades, at random. */
import {
  full,
  shiftLeft,
  shiftRightLogical,
  subtract,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../../../engine/index.ts";
import { randint, type Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { type Factor, factorRange, type Range } from "./factors.ts";
import { type ImageSizes, perImage } from "./image_batch.ts";
import { bytes, moveRange, ValueRangeLayer, type ValueRangeOptions } from "./value_range.ts";

/** How many bits of each byte are taken away. */
export interface PosterizationTransformation {
  /** One for each image. */
  readonly shiftFactor: TensorLike;
}

/**
 * While training, keeps only some of the upper bits of each pixel's byte.
 *
 * Input and output: an image or a batch; or an object of `images` and what belongs to them.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors outside of [1, 8]
 *
 * @example
 * ```ts
 * new RandomPosterization([1, 1])([[[100], [200]]]).arraySync(); // → [[[0], [128]]]
 * ```
 */
export class RandomPosterization extends ValueRangeLayer<PosterizationTransformation> {
  static readonly className: string = "RandomPosterization";
  static override readonly positional: readonly string[] = ["factor"];
  readonly factor: Range;

  /**
   * @param factor how many bits are kept: from one number up to one below another, or from 1
   * @param options `valueRange` (default `[0, 255]`), `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(factor: Factor, options: ValueRangeOptions = {}) {
    super("RandomPosterization", options, []);
    this.factor = factorRange(factor, [1, 8], "RandomPosterization");
  }

  protected override get castsImages(): boolean {
    return false;
  }

  override draw({ batch }: ImageSizes, seed: Seed): PosterizationTransformation {
    const [least, most] = this.factor;
    const kept =
      least === most
        ? full([batch], least, "uint8")
        : randint([batch], least, most, { seed, dtype: "uint8" });
    return { shiftFactor: subtract(toTensor(8, "uint8"), kept) };
  }

  protected override transform(images: Tensor, { shiftFactor }: PosterizationTransformation): Tensor {
    const shift = perImage(toTensor(shiftFactor).astype("uint8"));
    const inBytes = moveRange(images.astype(this.computeDtype), this.valueRange, bytes).astype("uint8");
    const kept = shiftLeft(shiftRightLogical(inBytes, shift), shift).astype(this.computeDtype);
    return moveRange(kept, bytes, this.valueRange);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}
