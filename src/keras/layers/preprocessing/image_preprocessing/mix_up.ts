/** Images mixed with others. */
import {
  concatenate,
  iota,
  show,
  type Tensor,
  type TensorLike,
  take,
  toTensor,
  ValueError,
} from "../../../../engine/index.ts";
import { beta, type Seed, shuffle } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import type { BoundingBoxes } from "../../../utils/bounding_boxes/index.ts";
import type { TransformOptions } from "./base_image_preprocessing_layer.ts";
import { type ImageSizes, perImage } from "./image_batch.ts";
import { RandomImageLayer, type RandomImageOptions } from "./random_image_layer.ts";

/** Options of {@link MixUp}. */
export interface MixUpOptions extends RandomImageOptions {
  /** The parameter of the beta distribution. Default 0.2. */
  readonly alpha?: number;
}

/** Which images are mixed, and in which proportions. */
export interface MixUpTransformation {
  /** How much of each image is left. */
  readonly mixWeight: TensorLike;
  /** For each image the number of the other one. */
  readonly permutationOrder: TensorLike;
}

/**
 * While training, mixes each image with another of the batch, and their labels, which are vectors, in the same proportion
 * (Zhang et al., 2018). Boxes of both stay.
 *
 * Input and output: an image or a batch; or an object of `images`, `labels`, `boundingBoxes` and `segmentationMasks`.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError unless alpha is positive
 *
 * @example
 * ```ts
 * const layer = new MixUp();
 * const transformation = { mixWeight: [0.75, 0.5], permutationOrder: [1, 0] };
 * layer.transformImages([[[[0]]], [[[4]]]], transformation).arraySync(); // → [[[[1]]], [[[2]]]]
 * layer.transformLabels([[1, 0], [0, 1]], transformation).arraySync(); // → [[0.75, 0.25], [0.5, 0.5]]
 * ```
 */
export class MixUp extends RandomImageLayer<MixUpTransformation> {
  static readonly className: string = "MixUp";
  readonly alpha: number;

  /** @param options `alpha` (default 0.2), `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer */
  constructor(options: MixUpOptions = {}) {
    super("MixUp", options, ["alpha"]);
    this.alpha = options.alpha ?? 0.2;
    if (!(typeof this.alpha === "number" && this.alpha > 0)) {
      throw new ValueError(
        `MixUp: expected alpha to be a positive number. Received: alpha=${show(this.alpha)}`,
      );
    }
  }

  protected override get castsImages(): boolean {
    return false;
  }

  override draw({ batch }: ImageSizes, seed: Seed): MixUpTransformation {
    const permutationOrder = shuffle(iota([batch]), { seed });
    return { mixWeight: beta([batch], this.alpha, this.alpha, { seed }), permutationOrder };
  }

  /** What belongs to the other images. */
  #others(x: Tensor, { permutationOrder }: MixUpTransformation): Tensor {
    return take(x, toTensor(permutationOrder, "int32"), 0);
  }

  #mix(x: Tensor, weight: Tensor, transformation: MixUpTransformation): Tensor {
    return weight.multiply(x).add(weight.negate().add(1).multiply(this.#others(x, transformation)));
  }

  protected override transform(given: Tensor, transformation: MixUpTransformation): Tensor {
    const weight = perImage(toTensor(transformation.mixWeight)).astype(this.computeDtype);
    return this.#mix(given.astype(this.computeDtype), weight, transformation);
  }

  override transformLabels(
    labels: TensorLike,
    transformation: MixUpTransformation | null,
    { training = true }: TransformOptions = {},
  ): Tensor {
    const given = toTensor(labels);
    if (!training || transformation === null) return given;
    return this.#mix(given, toTensor(transformation.mixWeight).reshape(-1, 1), transformation);
  }

  override transformBoundingBoxes(
    boundingBoxes: BoundingBoxes,
    transformation: MixUpTransformation | null,
    options: TransformOptions = {},
  ): BoundingBoxes<Tensor> {
    const given = super.transformBoundingBoxes(boundingBoxes, transformation, options);
    if (options.training === false || transformation === null) return given;
    const both = (x: Tensor): Tensor => concatenate([x, this.#others(x, transformation)], 1);
    const { boxes, labels } = given;
    return { ...given, boxes: both(boxes), ...(labels !== undefined && { labels: both(labels) }) };
  }

  override transformSegmentationMasks(
    masks: TensorLike,
    transformation: MixUpTransformation | null,
    { training = true }: TransformOptions = {},
  ): Tensor {
    const given = toTensor(masks);
    if (!training || transformation === null) return given;
    return this.#mix(given, perImage(toTensor(transformation.mixWeight)), transformation);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), alpha: this.alpha, seed: this.seed };
  }
}
