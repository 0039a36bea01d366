/** The base of image layers that move pixels: masks move with them, by the nearest pixel. */
import { type Tensor, type TensorLike, toTensor } from "../../../../engine/index.ts";
import {
  type FillMode,
  type SampleInterpolation,
  sampleInterpolations,
} from "../../../ops/image_sampling.ts";
import type { Config } from "../../../saving/config.ts";
import { checkChoice } from "../../../utils/argument_validation.ts";
import {
  type BoundingBoxes,
  clipToImageSize,
  convertFormat,
} from "../../../utils/bounding_boxes/converters.ts";
import type { TransformOptions } from "./base_image_preprocessing_layer.ts";
import { asBatch } from "./image_batch.ts";
import { RandomImageLayer, type RandomImageOptions } from "./random_image_layer.ts";

/** Options of image layers that move pixels. */
export interface InterpolationOptions extends RandomImageOptions {
  /** `"bilinear"` (default) or `"nearest"`. */
  readonly interpolation?: SampleInterpolation;
  /** What stands outside of the image with `"constant"`. Default 0. */
  readonly fillValue?: number;
}

/** Options of image layers that can fill what comes from outside in several ways. */
export interface FillOptions extends InterpolationOptions {
  /** `"reflect"` (default), `"wrap"`, `"constant"` or `"nearest"`. */
  readonly fillMode?: Exclude<FillMode, "mirror">;
}

/** The ways of filling that most of these layers know. */
export const layerFillModes: readonly Exclude<FillMode, "mirror">[] = [
  "reflect",
  "wrap",
  "constant",
  "nearest",
];

/** The height and the width of images. */
export interface ImageExtent {
  readonly height: number;
  readonly width: number;
}

/** An image layer that moves pixels. */
export abstract class GeometricLayer<T> extends RandomImageLayer<T> {
  readonly interpolation: SampleInterpolation;
  readonly fillValue: number;

  constructor(where: string, options: InterpolationOptions, own: readonly string[]) {
    super(where, options, [...own, "interpolation", "fillValue"]);
    this.interpolation = checkChoice(
      options.interpolation ?? "bilinear",
      sampleInterpolations,
      where,
      "interpolation",
    );
    this.fillValue = options.fillValue ?? 0;
  }

  /** A batch of images, or of masks, under a transformation. */
  protected abstract move(images: Tensor, transformation: T, interpolation: SampleInterpolation): Tensor;

  protected override transform(images: Tensor, transformation: T): Tensor {
    return this.move(images, transformation, this.interpolation);
  }

  override transformSegmentationMasks(
    masks: TensorLike,
    transformation: T | null,
    { training = true }: TransformOptions = {},
  ): Tensor {
    const given = toTensor(masks);
    if (!training || transformation === null) return given;
    return asBatch(given, (batch) => this.move(batch, transformation, "nearest"));
  }

  /** The height and the width of a shape of images in the layer's data format. */
  protected extentOf(shape: readonly number[]): ImageExtent {
    const row = this.dataFormat === "channels_last" ? -3 : -2;
    return { height: shape.at(row)!, width: shape.at(row + 1)! };
  }

  /** Bounding boxes whose corners, in pixels, are moved and then cut to the image. */
  protected moveBoxes(
    boundingBoxes: BoundingBoxes,
    size: ImageExtent,
    move: (corners: Tensor) => Tensor,
  ): BoundingBoxes<Tensor> {
    const format = this.boundingBoxFormat ?? "xyxy";
    const dtype = this.computeDtype;
    const corners = convertFormat(boundingBoxes, format, "xyxy", { ...size, dtype });
    const cut = clipToImageSize({ ...corners, boxes: move(corners.boxes) }, size);
    return convertFormat(cut, "xyxy", format, { ...size, dtype });
  }

  override getConfig(): Config {
    const { interpolation, fillValue, seed } = this;
    return { ...super.getConfig(), interpolation, fill_value: fillValue, seed };
  }
}

/** A geometric layer with a choice of filling. */
export abstract class FilledGeometricLayer<T> extends GeometricLayer<T> {
  readonly fillMode: Exclude<FillMode, "mirror">;

  constructor(where: string, options: FillOptions, own: readonly string[]) {
    super(where, options, [...own, "fillMode"]);
    this.fillMode = checkChoice(options.fillMode ?? "reflect", layerFillModes, where, "fillMode");
  }

  override getConfig(): Config {
    return { ...super.getConfig(), fill_mode: this.fillMode };
  }
}
