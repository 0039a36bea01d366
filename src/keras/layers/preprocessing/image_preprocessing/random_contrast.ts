/** Contrast changed at random. */
import { add, multiply, type Tensor, type TensorLike, toTensor } from "../../../../engine/index.ts";
import { clip } from "../../../ops/numpy_elementwise.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { type Factor, factorRange, type Range } from "./factors.ts";
import { type ImageSizes, perImage } from "./image_batch.ts";
import { ValueRangeLayer, type ValueRangeOptions } from "./value_range.ts";

/** By how much contrast changes. */
export interface ContrastTransformation {
  /** One for each image. */
  readonly contrastFactor: TensorLike;
}

/**
 * While training, changes the contrast of images: `(x - mean) · factor + mean` for each channel, with a factor for each
 * image drawn from `1 - lower` to `1 + upper`, cut to the range of values.
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
 * const layer = new RandomContrast(0.5);
 * layer.transformImages([[[[10], [20]]]], { contrastFactor: [2] }).arraySync(); // → [[[[5], [25]]]]
 * ```
 */
export class RandomContrast extends ValueRangeLayer<ContrastTransformation> {
  static readonly className: string = "RandomContrast";
  static override readonly positional: readonly string[] = ["factor"];
  readonly factor: Range;

  /**
   * @param factor how much less and how much more contrast there can be; of one number, how much more
   * @param options `valueRange` (default `[0, 255]`), `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(factor: Factor, options: ValueRangeOptions = {}) {
    super("RandomContrast", options, []);
    this.factor = factorRange(factor, [0, 1], "RandomContrast");
  }

  protected override get castsImages(): boolean {
    return false;
  }

  override draw({ batch }: ImageSizes, seed: Seed): ContrastTransformation {
    const [lower, upper] = this.factor;
    return { contrastFactor: this.drawFrom([1 - lower, 1 + upper], [batch, 1, 1, 1], seed) };
  }

  protected override transform(images: Tensor, { contrastFactor }: ContrastTransformation): Tensor {
    const row = this.dataFormat === "channels_last" ? 1 : 2;
    const mean = images.mean([row, row + 1], { keepdims: true });
    const factor = perImage(toTensor(contrastFactor, mean.dtype));
    const changed = add(multiply(images.subtract(mean), factor), mean);
    return clip(changed, ...this.valueRange);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}
