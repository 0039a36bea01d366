/** Images made sharper or softer at random. */
import { broadcastTo, type Tensor, tensor, toTensor } from "../../../../engine/index.ts";
import { depthwiseConv } from "../../../ops/nn_convolutions.ts";
import { clip } from "../../../ops/numpy_elementwise.ts";
import { channelsBack, channelsLast } from "../../../ops/window_arguments.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { type Factor, factorRange, type Range } from "./factors.ts";
import { type ImageSizes, perImage } from "./image_batch.ts";
import type { FactorTransformation } from "./random_color_degeneration.ts";
import { ValueRangeLayer, type ValueRangeOptions } from "./value_range.ts";

/**
 * While training, mixes images with smoothed ones: with 0 they are smooth, with 0.5 they stay, with 1 they are sharpened.
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
 * const layer = new RandomSharpness([0, 0]);
 * layer([[[0], [13], [0]]]).arraySync(); // → [[[1], [5], [1]]]
 * ```
 */
export class RandomSharpness extends ValueRangeLayer<FactorTransformation> {
  static readonly className: string = "RandomSharpness";
  static override readonly positional: readonly string[] = ["factor"];
  readonly factor: Range;

  /**
   * @param factor from one number to another, or from 0 to one
   * @param options `valueRange` (default `[0, 255]`), `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(factor: Factor, options: ValueRangeOptions = {}) {
    super("RandomSharpness", options, []);
    this.factor = factorRange(factor, [0, 1], "RandomSharpness");
  }

  override draw({ batch }: ImageSizes, seed: Seed): FactorTransformation {
    return { factor: this.drawFrom(this.factor, [batch], seed) };
  }

  protected override transform(images: Tensor, { factor }: FactorTransformation): Tensor {
    const x = channelsLast(images, this.dataFormat);
    const channels = x.shape[3]!;
    const [a, b] = [1 / 13, 5 / 13];
    const window = tensor([a, a, a, a, b, a, a, a, a], { shape: [3, 3, 1, 1] }).astype(x.dtype);
    const smooth = depthwiseConv(x, broadcastTo(window, [3, 3, channels, 1]), { padding: "same" });
    const share = perImage(toTensor(factor)).astype(x.dtype).multiply(-2).add(1);
    const mixed = x.add(share.multiply(smooth.subtract(x)));
    return channelsBack(clip(mixed, ...this.valueRange), this.dataFormat);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}
