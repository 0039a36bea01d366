/** Rectangles of images replaced by those of others. */
import {
  iota,
  sqrt,
  type Tensor,
  type TensorLike,
  take,
  toTensor,
  UnsupportedError,
  where,
} from "../../../../engine/index.ts";
import { beta, type Seed, shuffle } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import type { BoundingBoxes } from "../../../utils/bounding_boxes/index.ts";
import type { TransformOptions } from "./base_image_preprocessing_layer.ts";
import { type Factor, factorRange, type Range } from "./factors.ts";
import type { ImageSizes } from "./image_batch.ts";
import { RandomImageLayer, type RandomImageOptions } from "./random_image_layer.ts";
import { drawRectangles } from "./random_rectangles.ts";

/** Options of {@link CutMix}. */
export interface CutMixOptions extends RandomImageOptions {
  /** The parameter of the beta distribution: from one number to another, or from 0 to one. Default 1. */
  readonly factor?: Factor;
}

/** Which images are mixed, and where. */
export interface CutMixTransformation {
  /** For each image the number of the other one. */
  readonly permutationOrder: TensorLike;
  /** True where the other image is seen, in the shape of the images. */
  readonly batchMasks: TensorLike;
  /** How much of each image is left. */
  readonly mixWeight: TensorLike;
}

/**
 * While training, pastes a rectangle of another image of the batch into each image, and mixes their labels, which are
 * vectors, by area (Yun et al., 2019). Single images stay as they are.
 *
 * Input and output: an image or a batch; or an object of `images`, `labels` and `segmentationMasks`.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors outside of [0, 1]; UnsupportedError for bounding boxes
 *
 * @example
 * ```ts
 * const layer = new CutMix();
 * const transformation = {
 *   permutationOrder: [1, 0],
 *   batchMasks: [[[[true], [false]]], [[[false], [true]]]],
 *   mixWeight: [[[[0.5]]], [[[0.5]]]],
 * };
 * const mixed = layer.transformImages([[[[1], [2]]], [[[3], [4]]]], transformation);
 * mixed.arraySync(); // → [[[[3], [2]]], [[[3], [2]]]]
 * ```
 */
export class CutMix extends RandomImageLayer<CutMixTransformation> {
  static readonly className: string = "CutMix";
  readonly factor: Range;

  /** @param options `factor` (default 1), `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer */
  constructor(options: CutMixOptions = {}) {
    super("CutMix", options, ["factor"]);
    this.factor = factorRange(options.factor ?? 1, [0, 1], "CutMix");
  }

  override draw(sizes: ImageSizes, seed: Seed): CutMixTransformation {
    const { batch } = sizes;
    const alpha = this.drawFrom(this.factor, [], seed).add(1e-6);
    const part = sqrt(beta([batch], alpha, alpha, { seed }).negate().add(1));
    const { masks, area } = drawRectangles(sizes, { height: part, width: part }, this.dataFormat, seed);
    return {
      permutationOrder: shuffle(iota([batch]), { seed }),
      batchMasks: masks,
      mixWeight: area.negate().add(1).reshape(batch, 1, 1, 1),
    };
  }

  protected override transform(images: Tensor, transformation: CutMixTransformation): Tensor {
    const { permutationOrder, batchMasks } = transformation;
    return where(toTensor(batchMasks, "bool"), take(images, toTensor(permutationOrder, "int32"), 0), images);
  }

  override transformLabels(
    labels: TensorLike,
    transformation: CutMixTransformation | null,
    { training = true }: TransformOptions = {},
  ): Tensor {
    const given = toTensor(labels);
    if (!training || transformation === null) return given;
    const weight = toTensor(transformation.mixWeight).reshape(-1, 1);
    const others = take(given, toTensor(transformation.permutationOrder, "int32"), 0);
    return weight.multiply(given).add(weight.negate().add(1).multiply(others));
  }

  override transformBoundingBoxes(_boundingBoxes: BoundingBoxes): never {
    throw new UnsupportedError(`Layer "${this.name}": CutMix does not know what becomes of bounding boxes.`);
  }

  override transformSegmentationMasks(
    masks: TensorLike,
    transformation: CutMixTransformation | null,
    { training = true }: TransformOptions = {},
  ): Tensor {
    const given = toTensor(masks);
    if (!training || transformation === null) return given;
    const axis = this.dataFormat === "channels_last" ? 3 : 1;
    const channels = given.shape[axis]!;
    const seen = toTensor(transformation.batchMasks, "bool");
    // One channel of the rectangles, which are the same in all.
    const inside = seen.at(...seen.shape.map((_, i) => (i === axis && channels === 1 ? [0, 1] : [])));
    return where(inside, take(given, toTensor(transformation.permutationOrder, "int32"), 0), given);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), factor: this.factor, seed: this.seed };
  }
}
