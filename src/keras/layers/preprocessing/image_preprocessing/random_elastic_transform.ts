/** Images distorted like rubber, at random. */
import { type Tensor, type TensorLike, toTensor, UnsupportedError, where } from "../../../../engine/index.ts";
import {
  displace,
  elasticField,
  elasticWindow,
  type FillMode,
  fillModes,
  type SampleInterpolation,
} from "../../../ops/image_sampling.ts";
import { clip } from "../../../ops/numpy_elementwise.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { checkChoice } from "../../../utils/argument_validation.ts";
import type { BoundingBoxes } from "../../../utils/bounding_boxes/index.ts";
import { type Factor, factorRange, type Range, valueRange } from "./factors.ts";
import { GeometricLayer, type InterpolationOptions } from "./geometric_layer.ts";
import { type ImageSizes, perImage } from "./image_batch.ts";
import { bytes } from "./value_range.ts";

/** Options of {@link RandomElasticTransform}. */
export interface RandomElasticTransformOptions extends InterpolationOptions {
  /** How probable it is: from one number to another, or from 0 to one. Default 1. */
  readonly factor?: Factor;
  /** How strong it is: from one number to another, or from 0 to one. Default 1. */
  readonly scale?: Factor;
  /** `"reflect"` (default), `"constant"`, `"nearest"`, `"wrap"` or `"mirror"`. */
  readonly fillMode?: FillMode;
  /** The lowest and the highest value of pixels. Default `[0, 255]`. */
  readonly valueRange?: Range;
}

/** How far pixels are moved. */
export interface ElasticTransformation {
  readonly applyTransform: TensorLike;
  /** Where each pixel comes from, how far to the right: shape (batch, height, width). */
  readonly right: Tensor;
  /** The same downwards. */
  readonly down: Tensor;
}

/**
 * While training, moves pixels at random, neighbours in a similar way; see `ops.image.elasticTransform`. Images and masks are
 * moved alike.
 *
 * Input and output: an image or a batch; or an object of `images`, `labels` and `segmentationMasks`.
 *
 * Input: images `(batch, height, width, channels)` or a single one, alone or as `{ images, labels, boundingBoxes,
 * segmentationMasks }`. Output: the same, with the same shapes.
 *
 * @throws ValueError for factors outside of [0, 1] and other options that cannot be; UnsupportedError for bounding boxes
 *
 * @example
 * ```ts
 * new RandomElasticTransform({ seed: 1 })(np.ones([2, 8, 8, 3])).shape; // → [2, 8, 8, 3]
 * ```
 */
export class RandomElasticTransform extends GeometricLayer<ElasticTransformation> {
  static readonly className: string = "RandomElasticTransform";
  readonly factor: Range;
  readonly scale: Range;
  readonly fillMode: FillMode;
  readonly valueRange: Range;

  /**
   * @param options `factor`, `scale` (default 1), `interpolation` (default `"bilinear"`), `fillMode` (default `"reflect"`),
   *   `fillValue` (default 0), `valueRange` (default `[0, 255]`), `seed`, `dataFormat`, `boundingBoxFormat`, and those of
   *   every layer
   */
  constructor(options: RandomElasticTransformOptions = {}) {
    const where = "RandomElasticTransform";
    super(where, options, ["factor", "scale", "fillMode", "valueRange"]);
    this.factor = factorRange(options.factor ?? 1, [0, 1], where);
    this.scale = factorRange(options.scale ?? 1, [0, 1], where, "scale");
    this.fillMode = checkChoice(options.fillMode ?? "reflect", fillModes, where, "fillMode");
    this.valueRange = valueRange(options.valueRange ?? bytes, where);
  }

  override draw({ batch, height, width }: ImageSizes, seed: Seed): ElasticTransformation | null {
    if (this.scale[1] === 0 || this.factor[1] === 0) return null;
    const applyTransform = this.drawChoices(this.factor, batch, seed);
    const strength = this.drawFrom(this.scale, [], seed);
    const alpha = strength.multiply(0.1 * Math.max(height, width));
    const sigma = strength.multiply(0.05 * Math.min(height, width));
    // Wide enough for the strongest.
    const window = elasticWindow(0.05 * Math.min(height, width) * this.scale[1]);
    const field = (): Tensor => elasticField([batch, height, width], alpha, sigma, window, seed);
    return { applyTransform, right: field(), down: field() };
  }

  protected override move(
    images: Tensor,
    { applyTransform, right, down }: ElasticTransformation,
    interpolation: SampleInterpolation,
  ): Tensor {
    const { fillMode, fillValue, dataFormat } = this;
    const moved = displace(images, right, down, { interpolation, fillMode, fillValue, dataFormat });
    const chosen = where(perImage(toTensor(applyTransform, "bool")), moved, images);
    return clip(chosen, ...this.valueRange).astype(images.dtype);
  }

  override transformBoundingBoxes(_boundingBoxes: BoundingBoxes): never {
    throw new UnsupportedError(
      `Layer "${this.name}": RandomElasticTransform does not know what becomes of bounding boxes.`,
    );
  }

  override getConfig(): Config {
    const { factor, scale, fillMode } = this;
    return { ...super.getConfig(), factor, scale, fill_mode: fillMode, value_range: this.valueRange };
  }
}
