/** Images moved at random. */
import { concatenate, type Tensor, type TensorLike, toTensor } from "../../../../engine/index.ts";
import { affineTransform, type SampleInterpolation } from "../../../ops/image_sampling.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import type { BoundingBoxes } from "../../../utils/bounding_boxes/converters.ts";
import { boxesOf, numbersOf } from "../../../utils/bounding_boxes/formats.ts";
import { affineRows } from "./affine_rows.ts";
import type { TransformOptions } from "./base_image_preprocessing_layer.ts";
import { type Factor, type Range, symmetricRange } from "./factors.ts";
import { FilledGeometricLayer, type FillOptions } from "./geometric_layer.ts";
import type { ImageSizes } from "./image_batch.ts";

/** By how many pixels images are moved. */
export interface TranslationTransformation {
  /** To the right and down, shape (batch, 2). */
  readonly translations: TensorLike;
  readonly inputShape: readonly number[];
}

/**
 * While training, moves images by a random part of their height and width.
 *
 * Input and output: an image or a batch; or an object of `images`, `labels`, `boundingBoxes` and `segmentationMasks`.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors outside of [-1, 1] and other options that cannot be
 *
 * @example
 * ```ts
 * // Always to the right by half of the width.
 * const layer = new RandomTranslation(0, [0.5, 0.5], { fillMode: "constant" });
 * layer([[[1], [2], [3], [4]]]).arraySync(); // → [[[0], [0], [1], [2]]]
 * ```
 */
export class RandomTranslation extends FilledGeometricLayer<TranslationTransformation> {
  static readonly className: string = "RandomTranslation";
  static override readonly positional: readonly string[] = ["heightFactor", "widthFactor"];
  readonly heightFactor: Factor;
  readonly widthFactor: Factor;
  readonly #height: Range;
  readonly #width: Range;

  /**
   * @param heightFactor how far down, as a part of the height: from one number to another, or up and down by at most one
   * @param widthFactor how far to the right, as a part of the width
   * @param options `fillMode` (default `"reflect"`), `interpolation` (default `"bilinear"`), `fillValue` (default 0), `seed`,
   *   `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(heightFactor: Factor, widthFactor: Factor, options: FillOptions = {}) {
    super("RandomTranslation", options, []);
    this.heightFactor = heightFactor;
    this.widthFactor = widthFactor;
    this.#height = symmetricRange(heightFactor, [-1, 1], "RandomTranslation", "heightFactor");
    this.#width = symmetricRange(widthFactor, [-1, 1], "RandomTranslation", "widthFactor");
  }

  override draw({ batch, height, width, shape }: ImageSizes, seed: Seed): TranslationTransformation {
    const down = this.drawFrom(this.#height, [batch, 1], seed).multiply(height);
    const right = this.drawFrom(this.#width, [batch, 1], seed).multiply(width);
    return { translations: concatenate([right, down], 1), inputShape: shape };
  }

  protected override move(
    images: Tensor,
    { translations }: TranslationTransformation,
    interpolation: SampleInterpolation,
  ): Tensor {
    const { fillMode, fillValue, dataFormat } = this;
    const by = toTensor(translations, "float32").negate();
    const rows = affineRows(by.shape[0]!, [1, 0, by.at([], 0), 0, 1, by.at([], 1)]);
    return affineTransform(images, rows, { interpolation, fillMode, fillValue, dataFormat });
  }

  override transformBoundingBoxes(
    boundingBoxes: BoundingBoxes,
    transformation: TranslationTransformation | null,
    options: TransformOptions = {},
  ): BoundingBoxes<Tensor> {
    const { training = true } = options;
    if (!training || transformation === null)
      return super.transformBoundingBoxes(boundingBoxes, transformation, options);
    const by = toTensor(transformation.translations, "float32");
    const [right, down] = [0, 1].map((i) => by.at([], i).reshape(-1, 1, 1)) as [Tensor, Tensor];
    return this.moveBoxes(boundingBoxes, this.extentOf(transformation.inputShape), (corners) => {
      const [x1, y1, x2, y2] = numbersOf(corners);
      return boxesOf([x1.add(right), y1.add(down), x2.add(right), y2.add(down)]);
    });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), height_factor: this.heightFactor, width_factor: this.widthFactor };
  }
}
