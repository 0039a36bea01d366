/** What image layers are called with, and its shape. */
import type { Tensor, TensorLike } from "../../../../engine/index.ts";
import type { DataFormat } from "../../../backend/data_format.ts";
import { checkImages } from "../../../ops/image_layout.ts";
import type { BoundingBoxes } from "../../../utils/bounding_boxes/index.ts";

/** Images with what belongs to them. Other keys are passed on as they are. */
export interface ImageBatch<T = TensorLike> {
  /** One image or a batch. */
  readonly images: T;
  readonly labels?: T;
  readonly boundingBoxes?: BoundingBoxes<T>;
  /** In the shape of the images, with one channel: the class of each pixel. */
  readonly segmentationMasks?: T;
}

/** The shape of a batch of images. */
export interface ImageSizes {
  /** The number of images. */
  readonly batch: number;
  /** The number of rows. */
  readonly height: number;
  /** The number of columns. */
  readonly width: number;
  /** The number of channels. */
  readonly channels: number;
  /** All of it, in the layer's data format. */
  readonly shape: readonly [number, number, number, number];
}

/** The images of what a layer is called with. */
export function imagesOf(data: Tensor | ImageBatch<Tensor>, where: string): Tensor {
  return checkImages("images" in data ? data.images : data, where);
}

/** The sizes of images; a single one is a batch of one. */
export function sizesOf(images: Tensor, dataFormat: DataFormat): ImageSizes {
  const shape = (images.ndim === 3 ? [1, ...images.shape] : images.shape) as ImageSizes["shape"];
  const [batch, ...rest] = shape;
  const [height, width, channels] =
    dataFormat === "channels_last" ? rest : ([rest[1], rest[2], rest[0]] as const);
  return { batch, height, width, channels, shape };
}

/** Applies a function of batches to one image or a batch. */
export function asBatch(images: Tensor, fn: (batch: Tensor) => Tensor): Tensor {
  if (images.ndim !== 3) return fn(images);
  const result = fn(images.reshape(1, ...images.shape));
  return result.reshape(result.shape.slice(1));
}

/** One number for each image, to compute with all of its pixels. */
export function perImage(numbers: Tensor): Tensor {
  return numbers.reshape(-1, 1, 1, 1);
}
