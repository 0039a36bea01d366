/** Images turned at random. */
import { full, type Tensor, type TensorLike, toTensor } from "../../../../engine/index.ts";
import { affineTransform, type SampleInterpolation } from "../../../ops/image_sampling.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import {
  affineTransform as affineBoxes,
  type BoundingBoxes,
} from "../../../utils/bounding_boxes/converters.ts";
import { rotationRows } from "./affine_rows.ts";
import type { TransformOptions } from "./base_image_preprocessing_layer.ts";
import { type Factor, factorRange, type Range } from "./factors.ts";
import { FilledGeometricLayer, type FillOptions } from "./geometric_layer.ts";
import type { ImageSizes } from "./image_batch.ts";

/** How far images are turned. */
export interface RotationTransformation {
  /** In degrees, against the clock, one for each image. */
  readonly angle: TensorLike;
  /** The same as rows of `ops.image.affineTransform`. */
  readonly rotationMatrix: TensorLike;
  readonly imageHeight: number;
  readonly imageWidth: number;
  readonly batchSize: number;
}

/**
 * While training, turns images around their middle by a random angle.
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
 * // Always by a quarter.
 * const layer = new RandomRotation([0.25, 0.25]);
 * layer([[[1], [2]], [[3], [4]]]).arraySync(); // → [[[2], [4]], [[1], [3]]]
 * ```
 */
export class RandomRotation extends FilledGeometricLayer<RotationTransformation> {
  static readonly className: string = "RandomRotation";
  static override readonly positional: readonly string[] = ["factor"];
  readonly factor: Range;

  /**
   * @param factor the angle as a part of a full turn, against the clock: from one number to another, or by at most one to
   *   both sides
   * @param options `fillMode` (default `"reflect"`), `interpolation` (default `"bilinear"`), `fillValue` (default 0), `seed`,
   *   `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(factor: Factor, options: FillOptions = {}) {
    super("RandomRotation", options, []);
    this.factor = factorRange(factor, [-1, 1], "RandomRotation");
  }

  override draw({ batch, height, width }: ImageSizes, seed: Seed): RotationTransformation {
    const [lower, upper] = this.factor;
    const angle = this.drawFrom([lower * 360, upper * 360], [batch], seed);
    const rotationMatrix = rotationRows(angle, height, width);
    return { angle, rotationMatrix, imageHeight: height, imageWidth: width, batchSize: batch };
  }

  protected override move(
    images: Tensor,
    { rotationMatrix }: RotationTransformation,
    interpolation: SampleInterpolation,
  ): Tensor {
    const { fillMode, fillValue, dataFormat } = this;
    return affineTransform(images, rotationMatrix, { interpolation, fillMode, fillValue, dataFormat });
  }

  override transformBoundingBoxes(
    boundingBoxes: BoundingBoxes,
    transformation: RotationTransformation | null,
    options: TransformOptions = {},
  ): BoundingBoxes<Tensor> {
    const { training = true } = options;
    if (!training || transformation === null)
      return super.transformBoundingBoxes(boundingBoxes, transformation, options);
    const { imageHeight: height, imageWidth: width } = transformation;
    const angle = toTensor(transformation.angle, "float32");
    const [none, one] = [full(angle.shape, 0), full(angle.shape, 1)];
    return this.moveBoxes(boundingBoxes, { height, width }, (corners) =>
      affineBoxes(corners, angle, none, none, one, none, none, height, width),
    );
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor };
  }
}
