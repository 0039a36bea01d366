/** Rectangles of images covered at random. */
import {
  broadcastTo,
  full,
  show,
  sqrt,
  type Tensor,
  type TensorLike,
  tensor,
  toTensor,
  ValueError,
  where,
} from "../../../../engine/index.ts";
import { clip } from "../../../ops/numpy_elementwise.ts";
import { normal, type Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { type Factor, factorRange, type Range } from "./factors.ts";
import { type ImageSizes, perImage } from "./image_batch.ts";
import { drawRectangles } from "./random_rectangles.ts";
import { ValueRangeLayer, type ValueRangeOptions } from "./value_range.ts";

/** Options of {@link RandomErasing}. */
export interface RandomErasingOptions extends ValueRangeOptions {
  /** How probable it is: from one number to another, or from 0 to one. Default 1. */
  readonly factor?: Factor;
  /** The part of the image, whose roots are the parts of height and width. Default `[0.02, 0.33]`. */
  readonly scale?: Factor;
  /** What stands there then: a number, or one for each of three channels. Default null, noise. */
  readonly fillValue?: number | readonly [number, number, number] | null;
}

/** Which images are covered, where, and with what. */
export interface ErasingTransformation {
  readonly applyErasing: TensorLike;
  /** True where they are covered, in their shape. */
  readonly batchMasks: TensorLike;
  readonly fillValue: TensorLike;
}

/**
 * While training, covers a rectangle of images (Zhong et al., 2017).
 *
 * Input and output: an image or a batch; or an object of `images` and what belongs to them.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors outside of [0, 1] and other values to fill with
 *
 * @example
 * ```ts
 * // All of the image.
 * const layer = new RandomErasing({ factor: [1, 1], scale: [1, 1], fillValue: 7 });
 * layer([[[1], [2]]]).arraySync(); // → [[[7], [7]]]
 * ```
 */
export class RandomErasing extends ValueRangeLayer<ErasingTransformation> {
  static readonly className: string = "RandomErasing";
  readonly factor: Range;
  readonly scale: Range;
  readonly fillValue: number | readonly [number, number, number] | null;

  /**
   * @param options `factor` (default 1), `scale` (default `[0.02, 0.33]`), `fillValue` (default null: noise), `valueRange`
   *   (default `[0, 255]`), `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(options: RandomErasingOptions = {}) {
    super("RandomErasing", options, ["factor", "scale", "fillValue"]);
    this.factor = factorRange(options.factor ?? 1, [0, 1], "RandomErasing");
    this.scale = factorRange(options.scale ?? [0.02, 0.33], [0, 1], "RandomErasing", "scale");
    this.fillValue = checkFill(options.fillValue ?? null);
  }

  override draw(sizes: ImageSizes, seed: Seed): ErasingTransformation {
    const parts = sqrt(this.drawFrom(this.scale, [sizes.batch, 2], seed));
    const along = { width: parts.at([], 0), height: parts.at([], 1) };
    const { masks } = drawRectangles(sizes, along, this.dataFormat, seed);
    return {
      applyErasing: this.drawChoices(this.factor, sizes.batch, seed),
      batchMasks: masks,
      fillValue: clip(this.#fill(sizes, seed), ...this.valueRange),
    };
  }

  #fill({ shape }: ImageSizes, seed: Seed): Tensor {
    const { fillValue } = this;
    if (fillValue === null) return normal(shape, { seed }).multiply(this.valueRange[1]);
    if (typeof fillValue === "number") return full(shape, fillValue);
    const last = this.dataFormat === "channels_last";
    return broadcastTo(tensor([...fillValue]).reshape(last ? [1, 1, 1, 3] : [1, 3, 1, 1]), shape);
  }

  protected override transform(images: Tensor, transformation: ErasingTransformation): Tensor {
    const { applyErasing, batchMasks, fillValue } = transformation;
    const fill = toTensor(fillValue).astype(images.dtype);
    const covered = where(toTensor(batchMasks, "bool"), fill, images);
    return where(perImage(toTensor(applyErasing, "bool")), covered, images);
  }

  override getConfig(): Config {
    const { factor, scale, fillValue } = this;
    return { ...super.getConfig(), factor, scale, fill_value: fillValue };
  }
}

function checkFill(value: unknown): number | readonly [number, number, number] | null {
  if (value === null || typeof value === "number") return value;
  if (Array.isArray(value) && value.length === 3 && value.every((x) => typeof x === "number"))
    return value as unknown as readonly [number, number, number];
  throw new ValueError(
    `RandomErasing: expected fillValue to be a number, or an array of three. Received: fillValue=${show(value)}`,
  );
}
