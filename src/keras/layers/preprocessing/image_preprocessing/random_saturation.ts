/** Saturation changed at random. */
import { divide, type Tensor, toTensor } from "../../../../engine/index.ts";
import { epsilon } from "../../../config/config.ts";
import { hsvToRgb, rgbToHsv } from "../../../ops/image_color.ts";
import { clip } from "../../../ops/numpy_elementwise.ts";
import { stack, unstack } from "../../../ops/numpy_shape.ts";
import { channelsBack, channelsLast } from "../../../ops/window_arguments.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { type Factor, factorRange, type Range } from "./factors.ts";
import type { ImageSizes } from "./image_batch.ts";
import type { FactorTransformation } from "./random_color_degeneration.ts";
import { ValueRangeLayer, type ValueRangeOptions } from "./value_range.ts";

/**
 * While training, multiplies the saturation of images by `f / (1 - f)` for a random `f`: 0.5 leaves them as they are, less
 * makes them paler, more stronger.
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
 * const layer = new RandomSaturation(0.5);
 * layer.transformImages([[[[0.5, 1, 1]]]], { factor: [0.5] }).arraySync(); // → [[[[0.75, 1, 1]]]]
 * ```
 */
export class RandomSaturation extends ValueRangeLayer<FactorTransformation> {
  static readonly className: string = "RandomSaturation";
  static override readonly positional: readonly string[] = ["factor"];
  readonly factor: Range;

  /**
   * @param factor the range of `f`: from one number to another, or from minus one number to it
   * @param options `valueRange` (default `[0, 255]`), `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(factor: Factor, options: ValueRangeOptions = {}) {
    super("RandomSaturation", options, []);
    this.factor = factorRange(factor, [-1, 1], "RandomSaturation");
  }

  protected override get castsImages(): boolean {
    return false;
  }

  override draw({ batch }: ImageSizes, seed: Seed): FactorTransformation {
    const f = this.drawFrom(this.factor, [batch], seed);
    return { factor: divide(f, f.negate().add(1 + epsilon())) };
  }

  protected override transform(images: Tensor, { factor }: FactorTransformation): Tensor {
    const given = channelsLast(images, this.dataFormat);
    const [h, s, v] = unstack(rgbToHsv(given), { axis: -1 }) as [Tensor, Tensor, Tensor];
    const times = toTensor(factor).astype(this.computeDtype).reshape(-1, 1, 1);
    const changed = clip(s.multiply(times), ...this.valueRange);
    return channelsBack(hsvToRgb(stack([h, changed, v], { axis: -1 })), this.dataFormat);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}
