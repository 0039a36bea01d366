/** Images blurred at random. */
import { show, type Tensor, type TensorLike, toTensor, ValueError, where } from "../../../../engine/index.ts";
import { gaussianBlur } from "../../../ops/image_filters.ts";
import { clip } from "../../../ops/numpy_elementwise.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { type Factor, factorRange, type Range } from "./factors.ts";
import { type ImageSizes, perImage } from "./image_batch.ts";
import { ValueRangeLayer, type ValueRangeOptions } from "./value_range.ts";

/** Options of {@link RandomGaussianBlur}. */
export interface RandomGaussianBlurOptions extends ValueRangeOptions {
  /** How probable it is: from one number to another, or from 0 to one. Default 1. */
  readonly factor?: Factor;
  /** The width and the height of the window, odd numbers. Default 3. */
  readonly kernelSize?: number | readonly [width: number, height: number];
  /** How wide the bell curve is: from one number to another, or from 0 to one. Default 1. */
  readonly sigma?: Factor;
}

/** Which images are blurred, and how much. */
export interface BlurTransformation {
  readonly shouldApplyBlur: TensorLike;
  /** The deviations along the width and the height, for all images. */
  readonly blurFactor: TensorLike;
}

/**
 * While training, blurs images with a bell curve, see `ops.image.gaussianBlur`.
 *
 * Input and output: an image or a batch; or an object of `images` and what belongs to them.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors outside of [0, 1] and even sizes
 *
 * @example
 * ```ts
 * const layer = new RandomGaussianBlur({ factor: [1, 1], kernelSize: [3, 1], sigma: [1, 1] });
 * layer([[[0], [10], [0]]]).arraySync(); // → [[[2.741], [4.519], [2.741]]]
 * ```
 */
export class RandomGaussianBlur extends ValueRangeLayer<BlurTransformation> {
  static readonly className: string = "RandomGaussianBlur";
  readonly factor: Range;
  readonly kernelSize: readonly [number, number];
  readonly sigma: Range;

  /**
   * @param options `factor` (default 1), `kernelSize` (default 3), `sigma` (default 1), `valueRange` (default `[0, 255]`),
   *   `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(options: RandomGaussianBlurOptions = {}) {
    super("RandomGaussianBlur", options, ["factor", "kernelSize", "sigma"]);
    this.factor = factorRange(options.factor ?? 1, [0, 1], "RandomGaussianBlur");
    this.kernelSize = checkWindow(options.kernelSize ?? 3);
    this.sigma = factorRange(options.sigma ?? 1, [0, 1], "RandomGaussianBlur", "sigma");
  }

  override draw({ batch }: ImageSizes, seed: Seed): BlurTransformation {
    const shouldApplyBlur = this.drawChoices(this.factor, batch, seed);
    return { shouldApplyBlur, blurFactor: this.drawFrom(this.sigma, [2], seed).add(1e-6) };
  }

  protected override transform(images: Tensor, transformation: BlurTransformation): Tensor {
    const { shouldApplyBlur, blurFactor } = transformation;
    const { kernelSize, dataFormat } = this;
    const blurred = gaussianBlur(images, { kernelSize, sigma: blurFactor, dataFormat });
    return clip(where(perImage(toTensor(shouldApplyBlur, "bool")), blurred, images), ...this.valueRange);
  }

  override getConfig(): Config {
    const { factor, kernelSize, sigma } = this;
    return { ...super.getConfig(), factor, kernel_size: kernelSize, sigma };
  }
}

function checkWindow(size: unknown): readonly [number, number] {
  const pair: readonly unknown[] = Array.isArray(size) ? size : [size, size];
  if (
    pair.length === 2 &&
    pair.every((n) => Number.isSafeInteger(n) && (n as number) % 2 === 1 && (n as number) > 0)
  )
    return pair as [number, number];
  throw new ValueError(
    `RandomGaussianBlur: expected kernelSize to be an odd number, or two. Received: kernelSize=${show(size)}`,
  );
}
