/** Images mirrored at random. */
import {
  lessEqual,
  reverse,
  type Tensor,
  type TensorLike,
  toTensor,
  where,
} from "../../../../engine/index.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { checkChoice } from "../../../utils/argument_validation.ts";
import {
  type BoundingBoxes,
  clipToImageSize,
  convertFormat,
} from "../../../utils/bounding_boxes/converters.ts";
import { boxesOf, numbersOf } from "../../../utils/bounding_boxes/formats.ts";
import type { TransformOptions } from "./base_image_preprocessing_layer.ts";
import { asBatch, type ImageSizes } from "./image_batch.ts";
import { RandomImageLayer, type RandomImageOptions } from "./random_image_layer.ts";

/** Along which directions images are mirrored. */
export type FlipMode = "horizontal" | "vertical" | "horizontal_and_vertical";

const flipModes: readonly FlipMode[] = ["horizontal", "vertical", "horizontal_and_vertical"];

/** Options of {@link RandomFlip}. */
export interface RandomFlipOptions extends RandomImageOptions {
  /** `"horizontal_and_vertical"` (default), `"horizontal"` or `"vertical"`. */
  readonly mode?: FlipMode;
}

/** Which images are mirrored. */
export interface FlipTransformation {
  /** Shape (batch, 1, 1, 1). */
  readonly flips: TensorLike;
  readonly inputShape: readonly number[];
}

/**
 * While training, mirrors images with probability 1/2 each: from left to right, upside down, or both at once.
 *
 * Input and output: an image or a batch; or an object of `images`, `labels`, `boundingBoxes` and `segmentationMasks`.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for other modes
 *
 * @example
 * ```ts
 * const layer = new RandomFlip({ mode: "horizontal", seed: 1 });
 * const flipped = layer.transformImages([[[[1], [2]]]], { flips: [[[[true]]]], inputShape: [1, 1, 2, 1] });
 * flipped.arraySync(); // → [[[[2], [1]]]]
 * ```
 */
export class RandomFlip extends RandomImageLayer<FlipTransformation> {
  static readonly className: string = "RandomFlip";
  readonly mode: FlipMode;

  /**
   * @param options `mode` (default `"horizontal_and_vertical"`), `seed`, `dataFormat`, `boundingBoxFormat`, and those of
   *   every layer
   */
  constructor(options: RandomFlipOptions = {}) {
    super("RandomFlip", options, ["mode"]);
    this.mode = checkChoice(options.mode ?? "horizontal_and_vertical", flipModes, "RandomFlip", "mode");
  }

  override draw({ batch, shape }: ImageSizes, seed: Seed): FlipTransformation {
    return { flips: lessEqual(this.drawFrom([0, 1], [batch, 1, 1, 1], seed), 0.5), inputShape: shape };
  }

  get #flipsHorizontally(): boolean {
    return this.mode !== "vertical";
  }

  get #flipsVertically(): boolean {
    return this.mode !== "horizontal";
  }

  protected override transform(images: Tensor, { flips }: FlipTransformation): Tensor {
    const row = this.dataFormat === "channels_last" ? 1 : 2;
    const axes = [...(this.#flipsVertically ? [row] : []), ...(this.#flipsHorizontally ? [row + 1] : [])];
    return where(toTensor(flips, "bool"), reverse(images, axes), images);
  }

  override transformBoundingBoxes(
    boundingBoxes: BoundingBoxes,
    transformation: FlipTransformation | null,
    options: TransformOptions = {},
  ): BoundingBoxes<Tensor> {
    const { training = true } = options;
    if (!training || transformation === null)
      return super.transformBoundingBoxes(boundingBoxes, transformation, options);
    const format = this.boundingBoxFormat ?? "xyxy";
    const row = this.dataFormat === "channels_last" ? -3 : -2;
    const { inputShape } = transformation;
    const size = { height: inputShape.at(row)!, width: inputShape.at(row + 1)! };
    const given = convertFormat(boundingBoxes, format, "rel_xyxy", size);
    const [x1, y1, x2, y2] = numbersOf(given.boxes);
    const mirror = (x: Tensor): Tensor => x.negate().add(1);
    const [left, right] = this.#flipsHorizontally ? [mirror(x2), mirror(x1)] : [x1, x2];
    const [top, bottom] = this.#flipsVertically ? [mirror(y2), mirror(y1)] : [y1, y2];
    const flips = toTensor(transformation.flips, "bool").reshape(-1, 1, 1);
    const boxes = where(flips, boxesOf([left, top, right, bottom]), given.boxes);
    const cut = clipToImageSize({ ...given, boxes }, { boundingBoxFormat: "rel_xyxy" });
    return convertFormat(cut, "rel_xyxy", format, size);
  }

  override transformSegmentationMasks(
    masks: TensorLike,
    transformation: FlipTransformation | null,
    { training = true }: TransformOptions = {},
  ): Tensor {
    const given = toTensor(masks);
    if (!training || transformation === null) return given;
    return asBatch(given, (batch) => this.transform(batch, transformation));
  }

  override getConfig(): Config {
    return { ...super.getConfig(), seed: this.seed, mode: this.mode };
  }
}
