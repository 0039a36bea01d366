/** Batches of images as the functions of this folder take them. */
import {
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { standardizeDataFormat } from "../backend/data_format.ts";

/** Images that can be drawn: shape (batch, height, width, channels). */
export type Images = TensorLike;

/**
 * Reads a batch of images, channels last.
 *
 * @throws ShapeError unless it has four axes
 */
export function readImages(where: string, images: Images, dataFormat: unknown): Tensor {
  const tensor = toTensor(images);
  if (tensor.shape.length !== 4) {
    throw new ShapeError(
      `${where}: images must be a batch of shape (batch, height, width, channels). Received shape: ${showShape(tensor.shape)}`,
    );
  }
  const format = standardizeDataFormat(dataFormat, where);
  return format === "channels_first" ? tensor.transpose([0, 2, 3, 1]) : tensor;
}

/** The pixels as bytes: floats up to 1 become 0..255, others are clipped to that. */
export function toBytes(images: Tensor): Uint8Array<ArrayBuffer> {
  const values = Array.from(images.dataSync(), Number);
  const isFloat = /float/.test(images.dtype);
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) most = Math.max(most, value);
  const scale = isFloat && most <= 1 ? 255 : 1;
  return Uint8Array.from(values, (value) =>
    isFloat ? Math.trunc(Math.min(255, Math.max(0, value * scale))) : value,
  );
}

/**
 * The pixels as bytes, by the numbers that black and white have.
 *
 * @throws ValueError unless the range is two different numbers
 */
export function bytesOfRange(
  where: string,
  images: Tensor,
  range: readonly [low: number, high: number],
): Uint8Array<ArrayBuffer> {
  const [low, high] = range;
  if (!(range.length === 2 && Number.isFinite(low) && Number.isFinite(high) && low !== high)) {
    throw new ValueError(`${where}: valueRange must be two different numbers. Received: ${show(range)}`);
  }
  return Uint8Array.from(images.dataSync(), (value) =>
    Math.trunc(Math.min(255, Math.max(0, ((value - low) / (high - low)) * 255))),
  );
}

/** The names of classes, by their numbers. */
export type ClassMapping = Readonly<Record<number, string>> | ReadonlyMap<number, string>;

/** The name of a class, if it has one. */
export function className(mapping: ClassMapping | null | undefined, id: number): string | undefined {
  if (mapping === null || mapping === undefined) return undefined;
  return mapping instanceof Map ? mapping.get(id) : (mapping as Readonly<Record<number, string>>)[id];
}
