/** Hues turned at random. */
import { greater, less, type Tensor, toTensor, where } from "../../../../engine/index.ts";
import { hsvToRgb, rgbToHsv } from "../../../ops/image_color.ts";
import { clip } from "../../../ops/numpy_elementwise.ts";
import { stack, unstack } from "../../../ops/numpy_shape.ts";
import { channelsBack, channelsLast } from "../../../ops/window_arguments.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { type Factor, factorRange, type Range } from "./factors.ts";
import type { ImageSizes } from "./image_batch.ts";
import type { FactorTransformation } from "./random_color_degeneration.ts";
import { moveRange, ValueRangeLayer, type ValueRangeOptions } from "./value_range.ts";

/**
 * While training, turns the hues of images, to either side.
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
 * const layer = new RandomHue(0.5, { valueRange: [0, 1] });
 * // By a third of the circle: red becomes green.
 * const turned = layer.transformImages([[[[1, 0, 0]]]], { factor: [1 / 3] });
 * ops.round(turned, { decimals: 3 }).arraySync(); // → [[[[0, 1, 0]]]]
 * ```
 */
export class RandomHue extends ValueRangeLayer<FactorTransformation> {
  static readonly className: string = "RandomHue";
  static override readonly positional: readonly string[] = ["factor"];
  readonly factor: Range;

  /**
   * @param factor how far, 1 for half of the circle: from one number to another, or from 0 to one
   * @param options `valueRange` (default `[0, 255]`), `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(factor: Factor, options: ValueRangeOptions = {}) {
    super("RandomHue", options, []);
    this.factor = factorRange(factor, [0, 1], "RandomHue");
  }

  protected override get castsImages(): boolean {
    return false;
  }

  override draw({ batch }: ImageSizes, seed: Seed): FactorTransformation {
    const back = greater(this.drawFrom([0, 1], [batch], seed), 0.5);
    const far = this.drawFrom(this.factor, [batch], seed).multiply(0.5);
    return { factor: where(back, far.negate(), far) };
  }

  protected override transform(images: Tensor, { factor }: FactorTransformation): Tensor {
    const given = channelsLast(images.astype(this.computeDtype), this.dataFormat);
    const [h, s, v] = unstack(rgbToHsv(moveRange(given, this.valueRange, [0, 1])), { axis: -1 }) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const turned = h.add(toTensor(factor).astype(h.dtype).reshape(-1, 1, 1));
    const high = where(greater(turned, 1), turned.subtract(1), turned);
    const hue = where(less(high, 0), high.add(1), high);
    const colors = clip(hsvToRgb(stack([hue, s, v], { axis: -1 })), 0, 1);
    return channelsBack(moveRange(colors, [0, 1], this.valueRange), this.dataFormat).astype(
      this.computeDtype,
    );
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}
