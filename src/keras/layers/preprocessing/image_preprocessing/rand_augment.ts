/** A few of many changes, chosen at random for a batch. */
import { scan, type Tensor, type TensorLike, toTensor } from "../../../../engine/index.ts";
import type { ShapeTree } from "../../../backend/keras_tensor.ts";
import { type SampleInterpolation, sampleInterpolations } from "../../../ops/image_sampling.ts";
import { randint, type Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { checkChoice, positiveInteger } from "../../../utils/argument_validation.ts";
import type { BoundingBoxes } from "../../../utils/bounding_boxes/index.ts";
import { type Augmentations, applyChosen, type Draws, drawAll, makeAugmentations } from "./augmentations.ts";
import type { TransformOptions } from "./base_image_preprocessing_layer.ts";
import { type Factor, factorRange, type Range } from "./factors.ts";
import { asBatch, type ImageSizes } from "./image_batch.ts";
import { ValueRangeLayer, type ValueRangeOptions } from "./value_range.ts";

/** Options of {@link RandAugment}. */
export interface RandAugmentOptions extends ValueRangeOptions {
  /** How many changes there are. Default 2. */
  readonly numOps?: number;
  /** How strong they are, in [0, 1]: from one number to another, or from 0 to one. Default 0.5. */
  readonly factor?: Factor;
  /** `"bilinear"` (default) or `"nearest"`. */
  readonly interpolation?: SampleInterpolation;
}

/** Which changes there are, and how each is made. */
export interface RandAugmentTransformation {
  /** The numbers of the layers, in order. */
  readonly layerIdxes: TensorLike;
  /** The transformation of each layer. */
  readonly transforms: Draws;
}

/**
 * While training, applies some of eleven image layers one after the other, the same for all of a batch (Cubuk et al., 2019):
 * shear, translation, rotation, brightness, color degeneration, contrast, sharpness, posterization, solarization, auto
 * contrast, equalization.
 *
 * Input and output: an image or a batch with three channels; or an object of `images`, `labels`, `boundingBoxes` and
 * `segmentationMasks`.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors outside of [0, 1] and other options that cannot be
 *
 * @example
 * ```ts
 * new RandAugment({ seed: 1 })(np.ones([2, 8, 8, 3])).shape; // → [2, 8, 8, 3]
 * ```
 */
export class RandAugment extends ValueRangeLayer<RandAugmentTransformation> {
  static readonly className: string = "RandAugment";
  readonly numOps: number;
  readonly factor: Range;
  readonly interpolation: SampleInterpolation;
  readonly augmentations: Augmentations;

  /**
   * @param options `valueRange` (default `[0, 255]`), `numOps` (default 2), `factor` (default 0.5), `interpolation` (default
   *   `"bilinear"`), `seed`, `dataFormat`, `boundingBoxFormat`, and those of every layer
   */
  constructor(options: RandAugmentOptions = {}) {
    const where = "RandAugment";
    super(where, options, ["numOps", "factor", "interpolation"]);
    this.numOps = positiveInteger(options.numOps ?? 2, where, "numOps");
    this.factor = factorRange(options.factor ?? 0.5, [0, 1], where);
    const method = options.interpolation ?? "bilinear";
    this.interpolation = checkChoice(method, sampleInterpolations, where, "interpolation");
    const { factor, valueRange, interpolation, seed, dataFormat, boundingBoxFormat } = this;
    const shared = { factor, valueRange, interpolation, seed, dataFormat, boundingBoxFormat };
    this.augmentations = makeAugmentations({ ...shared, dtype: this.dtypePolicy }, true);
  }

  override build(inputShape: ShapeTree): void {
    for (const layer of this.sublayers()) layer.build(inputShape);
  }

  override draw(sizes: ImageSizes, seed: Seed): RandAugmentTransformation {
    const count = Object.keys(this.augmentations).length;
    return {
      layerIdxes: randint([this.numOps], 0, count, { seed }),
      transforms: drawAll(this.augmentations, sizes, [], seed),
    };
  }

  /** Something with the chosen layers applied to it, one after the other. */
  #inOrder(
    { layerIdxes, transforms }: RandAugmentTransformation,
    first: readonly Tensor[],
    apply: (...args: Parameters<Parameters<typeof applyChosen<readonly Tensor[]>>[4]>) => readonly Tensor[],
  ): readonly Tensor[] {
    const order = toTensor(layerIdxes, "int32");
    const step = (
      x: readonly Tensor[],
      [index]: readonly Tensor[],
    ): { carry: readonly Tensor[]; outputs: Tensor[] } => ({
      carry: applyChosen(index!, this.augmentations, transforms, x, apply),
      outputs: [],
    });
    return scan(first, [order], order.shape[0]!, step).carry;
  }

  protected override transform(images: Tensor, transformation: RandAugmentTransformation): Tensor {
    const [changed] = this.#inOrder(transformation, [images], (layer, [x], drawn) => [
      layer.transformImages(x!, drawn).astype(images.dtype),
    ]);
    return changed!;
  }

  override transformBoundingBoxes(
    boundingBoxes: BoundingBoxes,
    transformation: RandAugmentTransformation | null,
    options: TransformOptions = {},
  ): BoundingBoxes<Tensor> {
    const given = super.transformBoundingBoxes(boundingBoxes, transformation, options);
    if (options.training === false || transformation === null) return given;
    const { boxes, labels } = given;
    const first = [boxes.astype(this.computeDtype), ...(labels === undefined ? [] : [labels])];
    const [moved, left] = this.#inOrder(transformation, first, (layer, [each, label], drawn) => {
      const one = { ...given, boxes: each!, ...(label !== undefined && { labels: label }) };
      const result = layer.transformBoundingBoxes(one, drawn);
      return [
        result.boxes.astype(this.computeDtype),
        ...(label === undefined ? [] : [result.labels!.astype(label.dtype)]),
      ];
    });
    return { ...given, boxes: moved!, ...(left !== undefined && { labels: left }) };
  }

  override transformSegmentationMasks(
    masks: TensorLike,
    transformation: RandAugmentTransformation | null,
    { training = true }: TransformOptions = {},
  ): Tensor {
    const given = toTensor(masks);
    if (!training || transformation === null) return given;
    return asBatch(given, (batch) => {
      const [changed] = this.#inOrder(transformation, [batch], (layer, [x], drawn) => [
        layer.transformSegmentationMasks(x!, drawn).astype(batch.dtype),
      ]);
      return changed!;
    });
  }

  override getConfig(): Config {
    const { numOps, factor, interpolation } = this;
    return { ...super.getConfig(), num_ops: numOps, factor, interpolation };
  }
}
