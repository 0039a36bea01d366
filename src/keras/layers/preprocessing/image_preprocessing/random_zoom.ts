/** Images made smaller or larger at random. */
import { type Tensor, type TensorLike, toTensor } from "../../../../engine/index.ts";
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

/** Options of {@link RandomZoom}. */
export interface RandomZoomOptions extends FillOptions {
  /** The same for the width. Default: as the height, so that proportions stay. */
  readonly widthFactor?: Factor | null;
}

/** How much of images is seen: more than 1 makes them smaller. */
export interface ZoomTransformation {
  /** Shape (batch, 1). */
  readonly heightZoom: TensorLike;
  /** Shape (batch, 1). */
  readonly widthZoom: TensorLike;
  readonly inputShape: readonly number[];
}

/**
 * While training, zooms images out (positive factors) or in (negative ones) around their middle.
 *
 * Input and output: an image or a batch; or an object of `images`, `labels`, `boundingBoxes` and `segmentationMasks`.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors outside of (-1, 1] and other options that cannot be
 *
 * @example
 * ```ts
 * // Always twice as much is seen.
 * const layer = new RandomZoom([0, 0], { widthFactor: [1, 1], fillMode: "constant" });
 * layer([[[1], [2], [3]]]).arraySync(); // → [[[0], [2], [0]]]
 * ```
 */
export class RandomZoom extends FilledGeometricLayer<ZoomTransformation> {
  static readonly className: string = "RandomZoom";
  static override readonly positional: readonly string[] = ["heightFactor"];
  readonly heightFactor: Factor;
  readonly widthFactor: Factor | null;
  readonly #height: Range;
  readonly #width: Range | null;

  /**
   * @param heightFactor by how much more of the height is seen: from one number to another, or from minus one number to it
   * @param options `widthFactor` (default null: as the height), `fillMode` (default `"reflect"`), `interpolation` (default
   *   `"bilinear"`), `fillValue` (default 0), `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(heightFactor: Factor, options: RandomZoomOptions = {}) {
    super("RandomZoom", options, ["widthFactor"]);
    const range = (factor: Factor, name: string): Range =>
      symmetricRange(factor, [-1, 1], "RandomZoom", name, { open: true });
    this.heightFactor = heightFactor;
    this.widthFactor = options.widthFactor ?? null;
    this.#height = range(heightFactor, "heightFactor");
    this.#width = this.widthFactor === null ? null : range(this.widthFactor, "widthFactor");
  }

  override draw({ batch, shape }: ImageSizes, seed: Seed): ZoomTransformation {
    const zoom = ([lower, upper]: Range): Tensor => this.drawFrom([1 + lower, 1 + upper], [batch, 1], seed);
    const heightZoom = zoom(this.#height);
    return {
      heightZoom,
      widthZoom: this.#width === null ? heightZoom : zoom(this.#width),
      inputShape: shape,
    };
  }

  /** For each direction the zoom, and where the first pixel comes from. */
  #alongAxes(
    { heightZoom, widthZoom }: ZoomTransformation,
    height: number,
    width: number,
  ): { readonly x: Tensor; readonly left: Tensor; readonly y: Tensor; readonly top: Tensor } {
    const [x, y] = [widthZoom, heightZoom].map((zoom) => toTensor(zoom, "float32").reshape(-1)) as [
      Tensor,
      Tensor,
    ];
    const first = (zoom: Tensor, n: number): Tensor =>
      zoom
        .negate()
        .add(1)
        .multiply((n - 1) / 2);
    return { x, left: first(x, width), y, top: first(y, height) };
  }

  protected override move(
    images: Tensor,
    transformation: ZoomTransformation,
    interpolation: SampleInterpolation,
  ): Tensor {
    const { fillMode, fillValue, dataFormat } = this;
    const { height, width } = this.extentOf(images.shape);
    const { x, left, y, top } = this.#alongAxes(transformation, height, width);
    const rows = affineRows(x.shape[0]!, [x, 0, left, 0, y, top]);
    return affineTransform(images, rows, { interpolation, fillMode, fillValue, dataFormat });
  }

  override transformBoundingBoxes(
    boundingBoxes: BoundingBoxes,
    transformation: ZoomTransformation | null,
    options: TransformOptions = {},
  ): BoundingBoxes<Tensor> {
    const { training = true } = options;
    if (!training || transformation === null)
      return super.transformBoundingBoxes(boundingBoxes, transformation, options);
    const size = this.extentOf(transformation.inputShape);
    const { x, left, y, top } = this.#alongAxes(transformation, size.height, size.width);
    const each = (t: Tensor): Tensor => t.reshape(-1, 1, 1);
    const back = (at: Tensor, from: Tensor, zoom: Tensor): Tensor =>
      at.subtract(each(from)).divide(each(zoom));
    return this.moveBoxes(boundingBoxes, size, (corners) => {
      const [x1, y1, x2, y2] = numbersOf(corners);
      return boxesOf([back(x1, left, x), back(y1, top, y), back(x2, left, x), back(y2, top, y)]);
    });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), height_factor: this.heightFactor, width_factor: this.widthFactor };
  }
}
