/** The base of layers that change images, and with them labels, bounding boxes and segmentation masks. */
import { type Tensor, type TensorLike, toTensor, treeMap, ValueError } from "../../../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../../../backend/data_format.ts";
import type { KerasTensor, ShapeTree } from "../../../backend/keras_tensor.ts";
import type { Seed } from "../../../random/index.ts";
import type { Config } from "../../../saving/config.ts";
import { type BoundingBoxes, checkFormat } from "../../../utils/bounding_boxes/converters.ts";
import type { BoundingBoxFormat } from "../../../utils/bounding_boxes/index.ts";
import type { CallArguments, CallOptions, LayerInputs, SymbolicInputs, Tensors } from "../../call_inputs.ts";
import { Layer } from "../../layer.ts";
import { baseOptions, type LayerOptions } from "../../layer_options.ts";
import { type ImageBatch, imagesOf } from "./image_batch.ts";

/** Options of all image layers. */
export interface ImageLayerOptions extends LayerOptions {
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
  /** The format of bounding boxes; needed where there are some. */
  readonly boundingBoxFormat?: BoundingBoxFormat | null;
}

/** Options of the methods that transform something. */
export interface TransformOptions {
  /** Whether anything is changed. Default true. */
  readonly training?: boolean;
}

/** Options of `getRandomTransformation`. */
export interface RandomTransformationOptions extends TransformOptions {
  /** Determines the random numbers. Default: the layer's own generator. */
  readonly seed?: Seed;
}

export interface BaseImagePreprocessingLayer<T> {
  getRandomTransformation(data: TensorLike | ImageBatch, options?: RandomTransformationOptions): T | null;
  (data: ImageBatch, options?: CallOptions): ImageBatch<Tensor>;
  (images: LayerInputs, options?: CallOptions): Tensor;
}

/**
 * A layer that changes images. It is called on one image, a batch, or an object of `images`, `labels`, `boundingBoxes` and
 * `segmentationMasks`. What is drawn at random is a transformation; the methods apply one to whatever it is given for.
 * Unless a call or the model around says otherwise, it is training.
 *
 * @typeParam T what describes a transformation
 */
export abstract class BaseImagePreprocessingLayer<T> extends Layer {
  readonly dataFormat: DataFormat;
  readonly boundingBoxFormat: BoundingBoxFormat | null;

  /**
   * @param where the class
   * @param own the names of the options that only this class has
   */
  constructor(where: string, options: ImageLayerOptions, own: readonly string[]) {
    super(baseOptions(where, options, [...own, "dataFormat", "boundingBoxFormat"]));
    this.dataFormat = standardizeDataFormat(options.dataFormat, where);
    const format = options.boundingBoxFormat ?? null;
    this.boundingBoxFormat = format === null ? null : checkFormat(format, where, "boundingBoxFormat");
  }

  protected override get defaultTraining(): boolean {
    return true;
  }

  /**
   * Draws a transformation for images.
   *
   * @param data what the layer is called with
   * @param options `training` (default true), `seed` (default: the layer's own generator)
   * @returns null where nothing is random, and while not training
   */
  getRandomTransformation(
    _data: TensorLike | ImageBatch,
    _options: RandomTransformationOptions = {},
  ): T | null {
    return null;
  }

  /**
   * Images under a transformation.
   *
   * @param images one image or a batch
   * @param transformation what `getRandomTransformation` gave
   * @param options `training` (default true)
   */
  abstract transformImages(images: TensorLike, transformation: T | null, options?: TransformOptions): Tensor;

  /** The labels of images under a transformation. */
  transformLabels(labels: TensorLike, _transformation: T | null, _options: TransformOptions = {}): Tensor {
    return toTensor(labels);
  }

  /** The bounding boxes of images under a transformation, each `boxes` of shape (batch, boxes, 4). */
  transformBoundingBoxes(
    boundingBoxes: BoundingBoxes,
    _transformation: T | null,
    _options: TransformOptions = {},
  ): BoundingBoxes<Tensor> {
    const { boxes, labels, ...rest } = boundingBoxes;
    return { ...rest, boxes: toTensor(boxes), ...(labels !== undefined && { labels: toTensor(labels) }) };
  }

  /** The segmentation masks of images under a transformation. */
  transformSegmentationMasks(
    masks: TensorLike,
    _transformation: T | null,
    _options: TransformOptions = {},
  ): Tensor {
    return toTensor(masks);
  }

  override apply(data: ImageBatch, options?: CallOptions): ImageBatch<Tensor>;
  override apply(images: LayerInputs, options?: CallOptions): Tensor;
  override apply(images: SymbolicInputs, options?: CallOptions): KerasTensor;
  override apply(data: unknown, options?: CallOptions): never {
    return super.apply(data as LayerInputs, options) as never;
  }

  override call(inputs: Tensors, { training }: CallArguments): Tensor {
    const data = inputs as Tensor | ImageBatch<Tensor>;
    const single = imagesOf(data, `Layer "${this.name}"`).ndim === 3;
    const transformation = this.getRandomTransformation(data, { training });
    if (!("images" in data)) return this.transformImages(data, transformation, { training });
    const { images, labels, boundingBoxes, segmentationMasks } = data;
    // What belongs to a single image is that of a batch of one.
    const one = <X>(x: X): X => (single ? (treeMap(batchOfOne, x) as X) : x);
    const back = <X>(x: X): X => (single ? (treeMap(firstOf, x) as X) : x);
    if (boundingBoxes !== undefined && this.boundingBoxFormat === null) {
      throw new ValueError(
        `Layer "${this.name}" got boundingBoxes, but it was made without a boundingBoxFormat, such as "xyxy".`,
      );
    }
    const transformed: ImageBatch<Tensor> = {
      ...data,
      images: this.transformImages(images, transformation, { training }),
      ...(labels !== undefined && {
        labels: back(this.transformLabels(one(labels), transformation, { training })),
      }),
      ...(boundingBoxes !== undefined && {
        boundingBoxes: back(this.transformBoundingBoxes(one(boundingBoxes), transformation, { training })),
      }),
      ...(segmentationMasks !== undefined && {
        segmentationMasks: this.transformSegmentationMasks(segmentationMasks, transformation, { training }),
      }),
    };
    return transformed as unknown as Tensor;
  }

  override computeOutputShape(inputShape: ShapeTree): ShapeTree {
    return inputShape;
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      data_format: this.dataFormat,
      ...(this.boundingBoxFormat !== null && { bounding_box_format: this.boundingBoxFormat }),
    };
  }
}

function batchOfOne(x: unknown): unknown {
  const t = x as Tensor;
  return t.reshape(1, ...t.shape);
}

function firstOf(x: unknown): unknown {
  const t = x as Tensor;
  return t.reshape(t.shape.slice(1));
}
