/** Images seen from another side, at random. */
import {
  add,
  broadcastTo,
  multiply,
  show,
  type Tensor,
  type TensorLike,
  tensor,
  toTensor,
  ValueError,
  where,
} from "../../../../engine/index.ts";
import {
  perspectiveMatrix,
  perspectiveTransform,
  type SampleInterpolation,
} from "../../../ops/image_sampling.ts";
import { stack } from "../../../ops/numpy_shape.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import type { BoundingBoxes } from "../../../utils/bounding_boxes/converters.ts";
import { numbersOf } from "../../../utils/bounding_boxes/formats.ts";
import type { TransformOptions } from "./base_image_preprocessing_layer.ts";
import { type Factor, factorRange, type Range } from "./factors.ts";
import { GeometricLayer, type InterpolationOptions } from "./geometric_layer.ts";
import { type ImageSizes, perImage } from "./image_batch.ts";

/** Options of {@link RandomPerspective}. */
export interface RandomPerspectiveOptions extends InterpolationOptions {
  /** How probable it is: from one number to another, or from 0 to one. Default 1. */
  readonly factor?: Factor;
  /** How far corners move, up to half of the image. Default 1. */
  readonly scale?: number;
}

/** Where the corners of images go. */
export interface PerspectiveTransformation {
  readonly applyPerspective: TensorLike;
  /** The corners, each `[x, y]`: shape (batch, 4, 2). */
  readonly startPoints: TensorLike;
  /** Where they go. */
  readonly endPoints: TensorLike;
  readonly inputShape: readonly number[];
}

/**
 * While training, moves the corners of images and everything between them with them.
 *
 * Input and output: an image or a batch; or an object of `images`, `labels`, `boundingBoxes` and `segmentationMasks`.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors and scales outside of [0, 1]
 *
 * @example
 * ```ts
 * new RandomPerspective({ scale: 0 })([[[1], [2]], [[3], [4]]]).arraySync(); // → [[[1], [2]], [[3], [4]]]
 * ```
 */
export class RandomPerspective extends GeometricLayer<PerspectiveTransformation> {
  static readonly className: string = "RandomPerspective";
  readonly factor: Range;
  readonly scale: number;

  /**
   * @param options `factor` (default 1), `scale` (default 1), `interpolation` (default `"bilinear"`), `fillValue` (default 0),
   *   `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(options: RandomPerspectiveOptions = {}) {
    super("RandomPerspective", options, ["factor", "scale"]);
    this.factor = factorRange(options.factor ?? 1, [0, 1], "RandomPerspective");
    this.scale = options.scale ?? 1;
    if (!(typeof this.scale === "number" && this.scale >= 0 && this.scale <= 1)) {
      throw new ValueError(
        `RandomPerspective: expected scale to be a number from 0 to 1. Received: scale=${show(options.scale)}`,
      );
    }
  }

  override draw({ batch, height, width, shape }: ImageSizes, seed: Seed): PerspectiveTransformation {
    const applyPerspective = this.drawChoices(this.factor, batch, seed);
    const parts = this.drawFrom([-0.5 * this.scale, 0.5 * this.scale], [batch, 4, 2], seed);
    const [right, bottom] = [width - 1, height - 1];
    const corners = tensor([0, 0, right, 0, 0, bottom, right, bottom], { shape: [1, 4, 2] });
    const startPoints = broadcastTo(corners, [batch, 4, 2]);
    const moved = add(startPoints, multiply(startPoints, parts));
    const endPoints = where(applyPerspective.reshape(batch, 1, 1), moved, startPoints);
    return { applyPerspective, startPoints, endPoints, inputShape: shape };
  }

  protected override move(
    images: Tensor,
    { applyPerspective, startPoints, endPoints }: PerspectiveTransformation,
    interpolation: SampleInterpolation,
  ): Tensor {
    const { fillValue, dataFormat } = this;
    const options = { interpolation, fillValue, dataFormat };
    const moved = perspectiveTransform(images, startPoints, endPoints, options);
    return where(perImage(toTensor(applyPerspective, "bool")), moved, images);
  }

  override transformBoundingBoxes(
    boundingBoxes: BoundingBoxes,
    transformation: PerspectiveTransformation | null,
    options: TransformOptions = {},
  ): BoundingBoxes<Tensor> {
    const { training = true } = options;
    if (!training || transformation === null)
      return super.transformBoundingBoxes(boundingBoxes, transformation, options);
    const { startPoints, endPoints, inputShape } = transformation;
    const [start, end] = [startPoints, endPoints].map((points) => toTensor(points, "float32")) as [
      Tensor,
      Tensor,
    ];
    const matrix = perspectiveMatrix(start, end).map((row) => row.map((v) => v.reshape(-1, 1, 1)));
    const isMoved = toTensor(transformation.applyPerspective, "bool").reshape(-1, 1, 1);
    return this.moveBoxes(boundingBoxes, this.extentOf(inputShape), (corners) => {
      const [x1, y1, x2, y2] = numbersOf(corners);
      const at = [
        [x1, y1],
        [x2, y1],
        [x1, y2],
        [x2, y2],
      ] as const;
      const along = (i: number): Tensor => {
        const places = at.map(([x, y]) => {
          const [top, depth] = [matrix[i]!, matrix[2]!].map((row) =>
            row[0]!.multiply(x).add(row[1]!.multiply(y)).add(row[2]!),
          ) as [Tensor, Tensor];
          return top.divide(depth).reshape(x.shape.slice(0, -1));
        });
        return stack(places, { axis: -1 });
      };
      const [xs, ys] = [along(0), along(1)];
      const around = stack([xs.min(-1), ys.min(-1), xs.max(-1), ys.max(-1)], { axis: -1 });
      return where(isMoved, around, corners);
    });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor, scale: this.scale };
  }
}
