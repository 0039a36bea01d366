/** keras.ops.image: parts of images, and images with borders. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  isFloat,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
  vjp,
} from "../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../backend/data_format.ts";
import { checkImages } from "./image_layout.ts";
import { conv } from "./nn_convolutions.ts";
import { eye } from "./numpy_creation.ts";
import { pad } from "./numpy_pad.ts";
import { type Padding, type PerAxis, perAxis } from "./window_arguments.ts";

/** Options of `extractPatches`. */
export interface ExtractPatchesOptions {
  /** Steps between patches. Default: their size. */
  readonly strides?: PerAxis | null;
  /** Steps between the pixels of a patch. Default 1. */
  readonly dilationRate?: PerAxis;
  /** `"valid"` (default) or `"same"`. */
  readonly padding?: Padding;
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

const patchOptions = ["strides", "dilationRate", "padding", "dataFormat"];

function extract(
  given: TensorLike,
  rank: number,
  size: PerAxis,
  options: ExtractPatchesOptions,
  where: string,
): Tensor {
  checkOptions(where, options, patchOptions);
  const t = toTensor(given);
  const format = standardizeDataFormat(options.dataFormat, where);
  if (t.ndim !== rank + 1 && t.ndim !== rank + 2) {
    throw new ShapeError(
      `${where}: expected ${rank + 1} axes, or ${rank + 2} for a batch. Received shape ${showShape(t.shape)}`,
    );
  }
  const lengths = perAxis(size, rank, where, "size");
  const channels = t.shape.at(format === "channels_last" ? -1 : -1 - rank)!;
  const elements = lengths.reduce((n, m) => n * m, channels);
  // One output channel for each element of a patch.
  const kernel = eye(elements, { dtype: t.dtype }).reshape([...lengths, channels, elements]);
  const single = t.ndim === rank + 1;
  const patches = conv(single ? t.reshape([1, ...t.shape]) : t, kernel, {
    strides: options.strides ?? lengths,
    padding: options.padding ?? "valid",
    dataFormat: format,
    dilationRate: options.dilationRate ?? 1,
  });
  return single ? patches.reshape(patches.shape.slice(1)) : patches;
}

/**
 * The patches of images or volumes.
 *
 * @param images one image or a batch; volumes where `size` has three lengths
 * @param size of a patch
 * @param options `strides` (default the size), `dilationRate` (default 1), `padding` (default `"valid"`), `dataFormat`
 * @returns the patches in rows and columns, each flat in place of the channels
 * @throws ShapeError for what is no image, ValueError for options that cannot be
 *
 * @example
 * ```ts
 * ops.image.extractPatches([[[1], [2]], [[3], [4]]], [2, 2]).arraySync(); // → [[[1, 2, 3, 4]]]
 * ```
 */
export function extractPatches(
  images: TensorLike,
  size: PerAxis,
  options: ExtractPatchesOptions = {},
): Tensor {
  const rank = Array.isArray(size) && size.length === 3 ? 3 : 2;
  return extract(images, rank, size, options, "extractPatches");
}

/**
 * The patches of volumes.
 *
 * @param volumes one volume or a batch
 * @param size of a patch
 * @param options `strides` (default the size), `dilationRate` (default 1), `padding` (default `"valid"`), `dataFormat`
 * @throws ShapeError for what is no volume, ValueError for options that cannot be
 *
 * @example
 * ```ts
 * ops.image.extractPatches3d(ops.ones([1, 4, 4, 4, 1]), 2).shape; // → [1, 2, 2, 2, 8]
 * ```
 */
export function extractPatches3d(
  volumes: TensorLike,
  size: PerAxis,
  options: ExtractPatchesOptions = {},
): Tensor {
  return extract(volumes, 3, size, options, "extractPatches3d");
}

/** Options of `reconstructPatches`. */
export type ReconstructPatchesOptions = Omit<ExtractPatchesOptions, "dilationRate">;

/**
 * Images or volumes from their patches. Where patches overlap, they are averaged.
 *
 * @param patches as `extractPatches` gives them
 * @param size of a patch
 * @param outputSize the lengths of the axes of space
 * @param options `strides` (default the size), `padding` (default `"valid"`), `dataFormat`
 * @throws ShapeError for patches of other shapes, ValueError for options that cannot be
 *
 * @example
 * ```ts
 * ops.image.reconstructPatches([[[1, 2, 3, 4]]], [2, 2], [2, 2]).arraySync(); // → [[[1], [2]], [[3], [4]]]
 * ```
 */
export function reconstructPatches(
  patches: TensorLike,
  size: PerAxis,
  outputSize: readonly number[],
  options: ReconstructPatchesOptions = {},
): Tensor {
  const where = "reconstructPatches";
  checkOptions(where, options, ["strides", "padding", "dataFormat"]);
  const patchesGiven = toTensor(patches);
  const given = isFloat(patchesGiven.dtype) ? patchesGiven : patchesGiven.astype("float32");
  const rank = outputSize.length;
  const lengths = perAxis(size, rank, where, "size");
  const format = standardizeDataFormat(options.dataFormat, where);
  const last = format === "channels_last";
  const elements = given.shape.at(last ? -1 : -1 - rank) ?? 0;
  const channels = elements / lengths.reduce((n, m) => n * m, 1);
  if ((given.ndim !== rank + 1 && given.ndim !== rank + 2) || !Number.isInteger(channels) || channels < 1) {
    throw new ShapeError(
      `${where}: expected patches of size ${showShape(lengths)}, flat in place of the channels. Received shape ${showShape(given.shape)}`,
    );
  }
  const batch = given.ndim === rank + 2 ? given.shape.slice(0, 1) : [];
  const shape = [...batch, ...(last ? [...outputSize, channels] : [channels, ...outputSize])];
  // Adding patches up where they lie is the transpose of taking them out.
  const [taken, addUp] = vjp(
    (x) => extract(x, rank, lengths, options, where),
    engine.full(shape, 0, given.dtype),
  );
  if (!engine.sameShape(taken.shape, given.shape)) {
    throw new ShapeError(
      `${where}: an output of size ${showShape(outputSize)} has patches of shape ${showShape(taken.shape)}. Received ${showShape(given.shape)}`,
    );
  }
  const [sum] = addUp(given) as [Tensor];
  const [count] = addUp(engine.full(given.shape, 1, given.dtype)) as [Tensor];
  return sum.divide(engine.maximum(count, 1)).astype(patchesGiven.dtype);
}

/** Options of `cropImages`: of each pair of borders and of the target's height or width, one may be left out. */
export interface CropImagesOptions {
  /** Rows that are cut off above. */
  readonly topCropping?: number | null;
  /** Columns that are cut off on the left. */
  readonly leftCropping?: number | null;
  /** Rows that are cut off below. */
  readonly bottomCropping?: number | null;
  /** Columns that are cut off on the right. */
  readonly rightCropping?: number | null;
  /** The number of rows that remain. */
  readonly targetHeight?: number | null;
  /** The number of columns that remain. */
  readonly targetWidth?: number | null;
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/** Options of `padImages`: of each pair of borders and of the target's height or width, one is left out. */
export interface PadImagesOptions {
  /** Rows of zeros above. */
  readonly topPadding?: number | null;
  /** Columns of zeros on the left. */
  readonly leftPadding?: number | null;
  /** Rows of zeros below. */
  readonly bottomPadding?: number | null;
  /** Columns of zeros on the right. */
  readonly rightPadding?: number | null;
  /** The number of rows of the result. */
  readonly targetHeight?: number | null;
  /** The number of columns of the result. */
  readonly targetWidth?: number | null;
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/**
 * The borders of an axis, of which two of the three numbers are given.
 *
 * @param sign -1 where borders are cut away, 1 where they are added
 */
function borders(
  where: string,
  length: number,
  names: readonly [string, string, string],
  numbers: readonly (number | null | undefined)[],
  sign: 1 | -1,
): readonly [number, number] {
  const [before, behind, target] = numbers.map((n) => n ?? null) as [
    number | null,
    number | null,
    number | null,
  ];
  if ([before, behind, target].filter((n) => n === null).length !== 1) {
    throw new ValueError(
      `${where}: expected exactly two of ${names.join(", ")}. Received: ${show([...numbers])}`,
    );
  }
  const total = target === null ? null : sign * (target - length);
  const first = before ?? total! - behind!;
  const second = behind ?? total! - before!;
  const ok = [first, second].every((n) => Number.isSafeInteger(n) && n >= 0);
  if (ok && (sign === 1 || first + second <= length)) return [first, second];
  throw new ValueError(
    `${where}: expected ${names.join(", ")} that suit a length of ${length}. Received: ${show([...numbers])}`,
  );
}

/**
 * Images without their borders.
 *
 * @param images one image or a batch
 * @param options for height and width two numbers each: `topCropping`, `bottomCropping`, `targetHeight`; `leftCropping`,
 *   `rightCropping`, `targetWidth`; and `dataFormat`
 * @throws ValueError for numbers that do not suit, ShapeError for what is no image
 *
 * @example
 * ```ts
 * const image = [[[1], [2], [3]]];
 * ops.image.cropImages(image, { topCropping: 0, bottomCropping: 0, leftCropping: 1, targetWidth: 1 }).arraySync(); // → [[[2]]]
 * ```
 */
export function cropImages(images: TensorLike, options: CropImagesOptions): Tensor {
  const where = "cropImages";
  checkOptions(where, options, [
    ...["topCropping", "leftCropping", "bottomCropping", "rightCropping", "targetHeight", "targetWidth"],
    "dataFormat",
  ]);
  const t = checkImages(images, where);
  const row = t.ndim - (standardizeDataFormat(options.dataFormat, where) === "channels_last" ? 3 : 2);
  const [height, width] = [t.shape[row]!, t.shape[row + 1]!];
  const vertical = ["topCropping", "bottomCropping", "targetHeight"] as const;
  const horizontal = ["leftCropping", "rightCropping", "targetWidth"] as const;
  const [top, bottom] = borders(
    where,
    height,
    vertical,
    vertical.map((name) => options[name]),
    -1,
  );
  const [left, right] = borders(
    where,
    width,
    horizontal,
    horizontal.map((name) => options[name]),
    -1,
  );
  const ranges = new Map([
    [row, [top, height - bottom]],
    [row + 1, [left, width - right]],
  ]);
  return t.at(...t.shape.map((_, axis) => ranges.get(axis) ?? []));
}

/**
 * Images with zeros around them.
 *
 * @param images one image or a batch
 * @param options for height and width two numbers each: `topPadding`, `bottomPadding`, `targetHeight`; `leftPadding`,
 *   `rightPadding`, `targetWidth`; and `dataFormat`
 * @throws ValueError for numbers that do not suit, ShapeError for what is no image
 *
 * @example
 * ```ts
 * const image = [[[1]]];
 * ops.image.padImages(image, { topPadding: 0, bottomPadding: 0, leftPadding: 1, targetWidth: 3 }).arraySync(); // → [[[0], [1], [0]]]
 * ```
 */
export function padImages(images: TensorLike, options: PadImagesOptions): Tensor {
  const where = "padImages";
  checkOptions(where, options, [
    ...["topPadding", "leftPadding", "bottomPadding", "rightPadding", "targetHeight", "targetWidth"],
    "dataFormat",
  ]);
  const t = checkImages(images, where);
  const row = t.ndim - (standardizeDataFormat(options.dataFormat, where) === "channels_last" ? 3 : 2);
  const vertical = ["topPadding", "bottomPadding", "targetHeight"] as const;
  const horizontal = ["leftPadding", "rightPadding", "targetWidth"] as const;
  const widths = new Map([
    [
      row,
      borders(
        where,
        t.shape[row]!,
        vertical,
        vertical.map((name) => options[name]),
        1,
      ),
    ],
    [
      row + 1,
      borders(
        where,
        t.shape[row + 1]!,
        horizontal,
        horizontal.map((name) => options[name]),
        1,
      ),
    ],
  ]);
  return pad(
    t,
    t.shape.map((_, axis) => widths.get(axis) ?? [0, 0]),
  );
}
