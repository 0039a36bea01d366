/** keras.ops.nn: blocks of space as channels and back, windows as columns and back. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../backend/data_format.ts";
import { toFloat } from "./convert.ts";
import { moveaxis } from "./numpy_shape.ts";
import { type PerAxis, perAxis } from "./window_arguments.ts";

/** Options of `depthToSpace` and `spaceToDepth`. */
export interface BlockOptions {
  /** Where the channels stand. Default `"channels_last"`. */
  readonly dataFormat?: DataFormat;
}

/** Images with their channels at the end, and the way back. */
function imagesOf(
  x: TensorLike,
  options: BlockOptions,
  where: string,
): { readonly images: Tensor; readonly first: boolean; readonly back: (images: Tensor) => Tensor } {
  checkOptions(where, options, ["dataFormat"]);
  const t = toTensor(x);
  if (t.ndim !== 4) {
    throw new ShapeError(`${where}: expected images of 4 axes. Received shape ${showShape(t.shape)}`);
  }
  const first = standardizeDataFormat(options.dataFormat ?? "channels_last", where) === "channels_first";
  return {
    images: first ? moveaxis(t, 1, -1) : t,
    first,
    back: (images) => (first ? moveaxis(images, -1, 1) : images),
  };
}

/**
 * Channels become blocks of space: each pixel becomes blockSize × blockSize pixels with as many times fewer channels.
 *
 * With `"channels_last"` the place in the block counts before the channel that is left, with `"channels_first"` after it.
 *
 * @param x of shape (batch, height, width, channels)
 * @param blockSize the length of the sides of a block
 * @param options `dataFormat` (default `"channels_last"`)
 * @throws ShapeError unless the number of channels is a multiple of blockSize²
 *
 * @example
 * ```ts
 * ops.depthToSpace([[[[1, 2, 3, 4]]]], 2).arraySync(); // → [[[[1], [2]], [[3], [4]]]]
 * ```
 */
export function depthToSpace(x: TensorLike, blockSize: number, options: BlockOptions = {}): Tensor {
  const { images, first, back } = imagesOf(x, options, "depthToSpace");
  const [side] = perAxis(blockSize, 1, "depthToSpace", "blockSize", 2) as [number];
  const [n, h, w, c] = images.shape as [number, number, number, number];
  if (c % (side * side) !== 0) {
    throw new ShapeError(`depthToSpace: expected a multiple of ${side * side} channels. Received: ${c}`);
  }
  const left = c / (side * side);
  const parts = images.reshape(n, h, w, ...(first ? [left, side, side] : [side, side, left]));
  const order = first ? [0, 1, 4, 2, 5, 3] : [0, 1, 3, 2, 4, 5];
  return back(engine.transpose(parts, order).reshape(n, h * side, w * side, left));
}

/**
 * Blocks of space become channels: the inverse of `depthToSpace`.
 *
 * @param x of shape (batch, height, width, channels)
 * @param blockSize the length of the sides of a block
 * @param options `dataFormat` (default `"channels_last"`)
 * @throws ShapeError unless height and width are multiples of blockSize
 *
 * @example
 * ```ts
 * ops.spaceToDepth([[[[1], [2]], [[3], [4]]]], 2).arraySync(); // → [[[[1, 2, 3, 4]]]]
 * ```
 */
export function spaceToDepth(x: TensorLike, blockSize: number, options: BlockOptions = {}): Tensor {
  const { images, first, back } = imagesOf(x, options, "spaceToDepth");
  const [side] = perAxis(blockSize, 1, "spaceToDepth", "blockSize", 2) as [number];
  const [n, h, w, c] = images.shape as [number, number, number, number];
  if (h % side !== 0 || w % side !== 0) {
    throw new ShapeError(
      `spaceToDepth: expected height and width to be multiples of ${side}. Received: ${h} and ${w}`,
    );
  }
  const parts = images.reshape(n, h / side, side, w / side, side, c);
  const order = first ? [0, 1, 3, 5, 2, 4] : [0, 1, 3, 2, 4, 5];
  return back(engine.transpose(parts, order).reshape(n, h / side, w / side, c * side * side));
}

/** How windows lie in images. */
export interface WindowOptions {
  /** How far the elements of a window lie apart. Default 1. */
  readonly dilation?: PerAxis;
  /** Zeros on all sides of the image. Default 0. */
  readonly padding?: PerAxis;
  /** How far windows lie apart. Default 1. */
  readonly stride?: PerAxis;
}

/** Windows over padded images. */
interface WindowPlaces {
  readonly kernel: readonly number[];
  readonly padding: readonly number[];
  /** The size of the padded images. */
  readonly padded: readonly number[];
  /** How many windows there are along each axis. */
  readonly counts: readonly number[];
  /** The rows of the elements of windows: element by element, each in all windows. */
  readonly rows: readonly number[];
  /** The same for columns. */
  readonly columns: readonly number[];
}

/** Checks the arguments of windows; for each element of images of a size, padded, where it lies in each window. */
function windows(
  size: readonly [number, number],
  kernelSize: PerAxis,
  options: WindowOptions,
  where: string,
): WindowPlaces {
  checkOptions(where, options, ["dilation", "padding", "stride"]);
  const kernel = perAxis(kernelSize, 2, where, "kernelSize");
  const dilation = perAxis(options.dilation ?? 1, 2, where, "dilation");
  const padding = perAxis(options.padding ?? 0, 2, where, "padding", 0);
  const stride = perAxis(options.stride ?? 1, 2, where, "stride");
  const padded = size.map((n, i) => n + 2 * padding[i]!);
  const counts = padded.map((n, i) => Math.floor((n - dilation[i]! * (kernel[i]! - 1) - 1) / stride[i]!) + 1);
  if (counts.some((n) => n < 1)) {
    throw new ShapeError(`${where}: windows of ${kernel.join(" × ")} do not fit into ${size.join(" × ")}.`);
  }
  /** The places along an axis: element by element of the window, one row of all windows each. */
  const places = (axis: number): number[] =>
    Array.from({ length: kernel[axis]! }, (_, k) => k * dilation[axis]!).flatMap((offset) =>
      Array.from({ length: counts[axis]! }, (_, i) => offset + i * stride[axis]!),
    );
  const [rows, columns] = [places(0), places(1)];
  return { kernel, padding, padded, counts, rows, columns };
}

/**
 * The windows of images as columns.
 *
 * @param x of shape (batch, channels, height, width)
 * @param kernelSize the lengths of a window: one number, or height and width
 * @param options `dilation` (default 1), `padding` (default 0), `stride` (default 1)
 * @returns shape (batch, channels · elements of a window, windows)
 * @throws ShapeError when no window fits
 *
 * @example
 * ```ts
 * ops.unfold([[[[1, 2, 3]]]], [1, 2]).arraySync(); // → [[[1, 2], [2, 3]]]
 * ```
 */
export function unfold(x: TensorLike, kernelSize: PerAxis, options: WindowOptions = {}): Tensor {
  const t = toTensor(x);
  if (t.ndim !== 4) {
    throw new ShapeError(
      `unfold: expected shape (batch, channels, height, width). Received: ${showShape(t.shape)}`,
    );
  }
  const [n, c, h, w] = t.shape as [number, number, number, number];
  const { kernel, padding, counts, rows, columns } = windows([h, w], kernelSize, options, "unfold");
  const [top, left] = padding as [number, number];
  const around = [0, 0, top, left];
  const padded = engine.pad(t, 0, { low: around, high: around, interior: [0, 0, 0, 0] });
  const taken = engine.take(engine.take(padded, Int32Array.from(rows), 2), Int32Array.from(columns), 3);
  const parts = taken.reshape(n, c, kernel[0]!, counts[0]!, kernel[1]!, counts[1]!);
  const size = kernel[0]! * kernel[1]!;
  return engine.transpose(parts, [0, 1, 2, 4, 3, 5]).reshape(n, c * size, counts[0]! * counts[1]!);
}

/**
 * Columns as windows of images, which are added where they overlap: the transpose of `unfold`.
 *
 * @param x of shape (batch, channels · elements of a window, windows)
 * @param outputSize the height and width of the images: one number or two
 * @param kernelSize the lengths of a window: one number, or height and width
 * @param options `dilation` (default 1), `padding` (default 0), `stride` (default 1)
 * @returns shape (batch, channels, height, width)
 * @throws ShapeError when the number of rows or windows does not fit
 *
 * @example
 * ```ts
 * ops.fold([[[1, 2], [2, 3]]], [1, 3], [1, 2]).arraySync(); // → [[[[1, 4, 3]]]]
 * ```
 */
export function fold(
  x: TensorLike,
  outputSize: PerAxis,
  kernelSize: PerAxis,
  options: WindowOptions = {},
): Tensor {
  const t = toTensor(x);
  const [h, w] = perAxis(outputSize, 2, "fold", "outputSize") as [number, number];
  const { kernel, padding, padded, counts, rows, columns } = windows([h, w], kernelSize, options, "fold");
  const size = kernel[0]! * kernel[1]!;
  const [n, depth, length] = t.shape as [number, number, number];
  if (t.ndim !== 3 || depth % size !== 0 || length !== counts[0]! * counts[1]!) {
    throw new ShapeError(
      `fold: expected shape (batch, a multiple of ${size}, ${counts[0]! * counts[1]!}). Received: ${showShape(t.shape)}`,
    );
  }
  const c = depth / size;
  const parts = t.reshape(n, c, kernel[0]!, kernel[1]!, counts[0]!, counts[1]!);
  const inRows = engine.transpose(parts, [0, 1, 2, 4, 3, 5]).reshape(n, c, rows.length, columns.length);
  const [height, width] = padded as [number, number];
  const places = rows.flatMap((r) => columns.map((k) => r * width + k));
  const summed = engine.scatter(
    engine.full([height * width, n * c], 0, t.dtype),
    engine.toTensor(Int32Array.from(places)).reshape(places.length, 1),
    engine.transpose(inRows.reshape(n * c, places.length), [1, 0]),
    {
      offsetDims: [1],
      collapsedSliceDims: [0],
      operandBatchingDims: [],
      indicesBatchingDims: [],
      startIndexMap: [0],
    },
    "add",
  );
  const [top, left] = padding as [number, number];
  return engine
    .transpose(summed, [1, 0])
    .reshape(n, c, height, width)
    .at("...", [top, top + h], [left, left + w]);
}

/**
 * The peak signal-to-noise ratio of two images in decibels: 20 · log₁₀(maxVal) - 10 · log₁₀(mean((x1 - x2)²)).
 *
 * @param x1 of any shape
 * @param x2 of the same shape
 * @param maxVal the largest value that there can be
 * @returns a scalar
 *
 * @example
 * ```ts
 * ops.psnr([[0, 1]], [[0, 0.9]], 1).item(); // → 23.0103
 * ```
 */
export function psnr(x1: TensorLike, x2: TensorLike, maxVal: number): Tensor {
  const [a, b] = [toTensor(x1), toTensor(x2)];
  if (!engine.sameShape(a.shape, b.shape)) {
    throw new ShapeError(
      `psnr: expected images of one shape. Received: ${showShape(a.shape)} and ${showShape(b.shape)}`,
    );
  }
  const difference = engine.subtract(toFloat(a), toFloat(b));
  const error = engine.multiply(difference, difference).mean();
  return engine.subtract(20 * Math.log10(maxVal), engine.multiply(10 / Math.LN10, engine.log(error)));
}
