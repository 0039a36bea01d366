/** Images made gray at random. */
import {
  less,
  show,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
  where,
} from "../../../../engine/index.ts";
import { rgbToGrayscale } from "../../../ops/image_color.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { type ImageSizes, perImage } from "./image_batch.ts";
import { RandomImageLayer, type RandomImageOptions } from "./random_image_layer.ts";

/** Options of {@link RandomGrayscale}. */
export interface RandomGrayscaleOptions extends RandomImageOptions {
  /** How many images become gray. Default 0.5. */
  readonly factor?: number;
}

/**
 * While training, makes some images gray; they keep three channels.
 *
 * Input and output: an image or a batch with three channels; or an object of `images` and what belongs to them.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors outside of [0, 1]
 *
 * @example
 * ```ts
 * new RandomGrayscale({ factor: 1 })([[[10.5, 0, 0]]]).arraySync(); // → [[[3.138, 3.138, 3.138]]]
 * ```
 */
export class RandomGrayscale extends RandomImageLayer<TensorLike> {
  static readonly className: string = "RandomGrayscale";
  readonly factor: number;

  /** @param options `factor` (default 0.5), `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer */
  constructor(options: RandomGrayscaleOptions = {}) {
    super("RandomGrayscale", options, ["factor"]);
    const { factor = 0.5 } = options;
    if (!(typeof factor === "number" && factor >= 0 && factor <= 1)) {
      throw new ValueError(
        `RandomGrayscale: expected factor to be a number from 0 to 1. Received: factor=${show(factor)}`,
      );
    }
    this.factor = factor;
  }

  protected override get castsImages(): boolean {
    return false;
  }

  override draw({ batch }: ImageSizes, seed: Seed): Tensor {
    return less(this.drawFrom([0, 1], [batch, 1, 1, 1], seed), this.factor);
  }

  protected override transform(images: Tensor, isGray: TensorLike): Tensor {
    const gray = rgbToGrayscale(images, { dataFormat: this.dataFormat });
    return where(perImage(toTensor(isGray, "bool")), gray, images);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}
