/** What functions of images share: single images and batches, and where the channels stand. */
import { ShapeError, showShape, type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../backend/data_format.ts";
import { channelsBack, channelsLast } from "./window_arguments.ts";

/** Options of functions of images that have no others. */
export interface ImageOptions {
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/**
 * Checks that something is an image or a batch of images.
 *
 * @throws ShapeError unless it has 3 or 4 axes
 */
export function checkImages(images: TensorLike, where: string): Tensor {
  const t = toTensor(images);
  if (t.ndim === 3 || t.ndim === 4) return t;
  throw new ShapeError(
    `${where}: expected an image of 3 axes or a batch of images of 4. Received shape ${showShape(t.shape)}`,
  );
}

/** The axis of channels. */
export function channelAxis(rank: number, dataFormat: DataFormat | null | undefined, where: string): number {
  return standardizeDataFormat(dataFormat, where) === "channels_last" ? rank - 1 : rank - 3;
}

/** The number of images, their height and their width; a single image is a batch of one. */
export function imageSizes(
  images: Tensor,
  dataFormat: DataFormat | null | undefined,
  where: string,
): { readonly batch: number; readonly height: number; readonly width: number } {
  const row = images.ndim - (standardizeDataFormat(dataFormat, where) === "channels_last" ? 3 : 2);
  const { shape } = images;
  return { batch: images.ndim === 3 ? 1 : shape[0]!, height: shape[row]!, width: shape[row + 1]! };
}

/** Applies a function of batches with the channels at the end to images in any layout. */
export function onBatch(
  images: TensorLike,
  dataFormat: DataFormat | null | undefined,
  where: string,
  fn: (batch: Tensor) => Tensor,
): Tensor {
  const format = standardizeDataFormat(dataFormat, where);
  const t = checkImages(images, where);
  const single = t.ndim === 3;
  const result = channelsBack(fn(channelsLast(single ? t.reshape([1, ...t.shape]) : t, format)), format);
  return single ? result.reshape(result.shape.slice(1)) : result;
}
