/** Images sheared at random. */
import {
  add,
  concatenate,
  greater,
  less,
  multiply,
  type Tensor,
  type TensorLike,
  toTensor,
  where,
} from "../../../../engine/index.ts";
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

/** Options of {@link RandomShear}. */
export interface RandomShearOptions extends FillOptions {
  /** How far rows move per row: from one number to another, or from minus one number to it. Default 0. */
  readonly xFactor?: Factor;
  /** How far columns move per column. Default 0. */
  readonly yFactor?: Factor;
}

/** How far images are sheared. */
export interface ShearTransformation {
  /** Along the rows and along the columns, shape (batch, 2). */
  readonly shearFactor: TensorLike;
  readonly inputShape: readonly number[];
}

/**
 * While training, shears images: the pixel at `(x, y)` comes from `(x + a·y, y + b·x)`.
 *
 * Input and output: an image or a batch; or an object of `images`, `labels`, `boundingBoxes` and `segmentationMasks`.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors outside of [0, 1] and other options that cannot be
 *
 * @example
 * ```ts
 * const layer = new RandomShear({ xFactor: 0.5, fillMode: "constant" });
 * const sheared = layer.transformImages([[[[1], [2]], [[3], [4]]]], { shearFactor: [[1, 0]], inputShape: [1, 2, 2, 1] });
 * sheared.arraySync(); // → [[[[1], [2]], [[4], [0]]]]
 * ```
 */
export class RandomShear extends FilledGeometricLayer<ShearTransformation> {
  static readonly className: string = "RandomShear";
  readonly xFactor: Range;
  readonly yFactor: Range;

  /**
   * @param options `xFactor`, `yFactor` (default 0), `interpolation` (default `"bilinear"`), `fillMode` (default `"reflect"`),
   *   `fillValue` (default 0), `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(options: RandomShearOptions = {}) {
    super("RandomShear", options, ["xFactor", "yFactor"]);
    // Ranges below 0 are what configs have for single numbers.
    const range = (factor: Factor, name: string): Range =>
      symmetricRange(factor, [typeof factor === "number" ? 0 : -1, 1], "RandomShear", name);
    this.xFactor = range(options.xFactor ?? 0, "xFactor");
    this.yFactor = range(options.yFactor ?? 0, "yFactor");
  }

  override draw({ batch, shape }: ImageSizes, seed: Seed): ShearTransformation {
    const back = greater(this.drawFrom([0, 1], [batch, 1], seed), 0.5);
    const y = this.drawFrom(this.yFactor, [batch, 1], seed);
    const x = this.drawFrom(this.xFactor, [batch, 1], seed);
    return { shearFactor: multiply(concatenate([x, y], 1), where(back, -1, 1)), inputShape: shape };
  }

  protected override move(
    images: Tensor,
    { shearFactor }: ShearTransformation,
    interpolation: SampleInterpolation,
  ): Tensor {
    const { fillMode, fillValue, dataFormat } = this;
    const by = toTensor(shearFactor, "float32");
    const rows = affineRows(by.shape[0]!, [1, by.at([], 0), 0, by.at([], 1), 1, 0]);
    return affineTransform(images, rows, { interpolation, fillMode, fillValue, dataFormat });
  }

  override transformBoundingBoxes(
    boundingBoxes: BoundingBoxes,
    transformation: ShearTransformation | null,
    options: TransformOptions = {},
  ): BoundingBoxes<Tensor> {
    const { training = true } = options;
    if (!training || transformation === null)
      return super.transformBoundingBoxes(boundingBoxes, transformation, options);
    const by = toTensor(transformation.shearFactor, "float32");
    const [a, b] = [0, 1].map((i) => by.at([], i).reshape(-1, 1, 1)) as [Tensor, Tensor];
    return this.moveBoxes(boundingBoxes, this.extentOf(transformation.inputShape), (corners) => {
      const [x1, y1, x2, y2] = numbersOf(corners);
      const moved = (x: Tensor, factor: Tensor, at: Tensor): Tensor => add(x, multiply(factor, at).negate());
      const [left, right] = [
        where(less(a, 0), moved(x1, a, y1), moved(x1, a, y2)),
        where(less(a, 0), moved(x2, a, y2), moved(x2, a, y1)),
      ];
      const [top, bottom] = [
        where(greater(b, 0), moved(y1, b, right), moved(y1, b, left)),
        where(greater(b, 0), moved(y2, b, left), moved(y2, b, right)),
      ];
      return boxesOf([left, top, right, bottom]);
    });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), x_factor: this.xFactor, y_factor: this.yFactor };
  }
}
