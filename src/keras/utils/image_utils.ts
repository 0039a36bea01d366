/** Pictures from files and to files, to arrays and from arrays. */
import {
  asDType,
  checkOptions,
  type DType,
  isFloat,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  tensor,
  toTensor,
  UnsupportedError,
  ValueError,
} from "../../engine/index.ts";
import { convert, type Raster } from "../../files/image/raster.ts";
import type { Box, Filter } from "../../files/image/resample.ts";
import { readSource, type Source } from "../../files/source.ts";
import type { Target } from "../../files/target.ts";
import { type DataFormat, standardizeDataFormat } from "../backend/data_format.ts";
import { floatx } from "../config/config.ts";
import { Img } from "./img.ts";

/** What the pixels of a picture become. */
export type ColorMode = "grayscale" | "rgb" | "rgba";

/** Pillow's mode for each. */
const modes = { grayscale: "L", rgb: "RGB", rgba: "RGBA" } as const;

/** Checks the name of a color mode. */
export function checkColorMode(value: unknown, where: string): ColorMode {
  if (typeof value === "string" && Object.hasOwn(modes, value)) return value as ColorMode;
  throw new ValueError(
    `${where}: expected colorMode to be "grayscale", "rgb" or "rgba". Received: colorMode=${show(value)}`,
  );
}

/** A picture in a color mode; grey of 16 bits stays as it is. */
export function inColorMode(raster: Raster, colorMode: ColorMode): Raster {
  if (colorMode === "grayscale" && raster.mode === "I;16") return raster;
  return convert(raster, modes[colorMode]);
}

/** Options of {@link loadImg}. */
export interface LoadImgOptions {
  /** Which channels the picture gets. Default `"rgb"`. */
  readonly colorMode?: ColorMode;
  /** The size that it gets. Default: that of the file. */
  readonly targetSize?: readonly [height: number, width: number] | null;
  /** How pixels between pixels are found. Default `"nearest"`. */
  readonly interpolation?: Filter;
  /** Whether the middle is cut out first so that proportions stay. Default false. */
  readonly keepAspectRatio?: boolean;
}

/**
 * Loads a picture in PNG, JPEG, BMP or GIF (the first picture), with the pixels that Pillow gives.
 *
 * @param path a path, a URL, bytes, a `File`, … : all that can be read
 * @param options `colorMode` (default `"rgb"`), `targetSize` (default: as it is), `interpolation` (default `"nearest"`; or
 *   `"bilinear"`, `"bicubic"`, `"hamming"`, `"box"`, `"lanczos"`), `keepAspectRatio` (default false)
 * @throws FileError when there is no picture, ValueError for options that cannot be
 *
 * @example
 * ```ts
 * await saveImg("point.png", np.ones([1, 1, 3]), { scale: false });
 * const picture = await loadImg("point.png", { targetSize: [2, 2] });
 * imgToArray(picture).shape; // → [2, 2, 3]
 * ```
 */
export async function loadImg(path: Source, options: LoadImgOptions = {}): Promise<Img> {
  const where = "loadImg";
  checkOptions(where, options, ["colorMode", "targetSize", "interpolation", "keepAspectRatio"]);
  const { targetSize = null, interpolation = "nearest", keepAspectRatio = false } = options;
  const colorMode = checkColorMode(options.colorMode ?? "rgb", where);
  const { filters, resizeRaster } = await import("../../files/image/resample.ts");
  if (!filters.includes(interpolation)) {
    throw new ValueError(
      `${where}: expected interpolation to be one of ${filters.map(show).join(", ")}. Received: interpolation=${show(interpolation)}`,
    );
  }
  if (
    targetSize !== null &&
    !(targetSize.length === 2 && targetSize.every((n) => Number.isInteger(n) && n > 0))
  )
    throw new ValueError(
      `${where}: expected targetSize to be [height, width]. Received: ${show(targetSize)}`,
    );
  const { decodeImage } = await import("../../files/image/decode.ts");
  let raster = inColorMode(await decodeImage(await readSource(path, where), where), colorMode);
  if (targetSize !== null && (raster.height !== targetSize[0] || raster.width !== targetSize[1])) {
    const [height, width] = targetSize;
    const box = keepAspectRatio ? middle(raster, height, width) : undefined;
    raster = resizeRaster(raster, width, height, interpolation, box);
  }
  return new Img(raster.mode, raster.width, raster.height, raster.data);
}

/** The middle part of a picture that has the proportions of a size. */
function middle({ width, height }: Raster, targetHeight: number, targetWidth: number): Box {
  const h = Math.min(height, Math.floor((width * targetHeight) / targetWidth));
  const w = Math.min(width, Math.floor((height * targetWidth) / targetHeight));
  const [top, left] = [(height - h) >> 1, (width - w) >> 1];
  return [left, top, left + w, top + h];
}

/** A picture of the browser: pixels of four bytes. */
export interface ImageDataLike {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Options of {@link imgToArray}. */
export interface ImgToArrayOptions {
  /** Whether channels come last or first. Default: `config.imageDataFormat()`. */
  readonly dataFormat?: DataFormat | null;
  /** The dtype of the result. Default: `config.floatx()`. */
  readonly dtype?: DType | null;
}

/**
 * The pixels of a picture.
 *
 * @param img a picture, the browser's `ImageData`, or an array with two axes or three
 * @param options `dataFormat` (default: `config.imageDataFormat()`), `dtype` (default: `config.floatx()`)
 * @returns shape `(height, width, channels)`, or `(channels, height, width)`
 * @throws ShapeError for other numbers of axes
 *
 * @example
 * ```ts
 * imgToArray([[1, 2, 3]]).shape; // → [1, 3, 1]
 * imgToArray(arrayToImg(np.zeros([4, 5, 3])), { dataFormat: "channels_first" }).shape; // → [3, 4, 5]
 * ```
 */
export function imgToArray(img: Img | ImageDataLike | TensorLike, options: ImgToArrayOptions = {}): Tensor {
  const where = "imgToArray";
  checkOptions(where, options, ["dataFormat", "dtype"]);
  const format = standardizeDataFormat(options.dataFormat, where);
  const dtype = asDType(options.dtype ?? floatx(), where);
  let x: Tensor;
  if (isPixels(img)) {
    const { width, height, data } = img;
    const shape = [height, width, data.length / (width * height)];
    x = tensor(Float64Array.from(data), { shape, dtype });
  } else x = toTensor(img, dtype);
  if (x.ndim === 2) x = x.reshape([...x.shape, 1]);
  if (x.ndim !== 3)
    throw new ShapeError(
      `${where}: expected a picture of two or three axes. Received shape ${showShape(x.shape)}`,
    );
  return format === "channels_first" ? x.transpose([2, 0, 1]) : x;
}

function isPixels(img: unknown): img is Img | ImageDataLike {
  return img instanceof Img || (img instanceof Object && "data" in img && "width" in img && "height" in img);
}

/** Options of {@link arrayToImg}. */
export interface ArrayToImgOptions {
  /** Whether channels come last or first. Default: `config.imageDataFormat()`. */
  readonly dataFormat?: DataFormat | null;
  /** Whether the values are stretched so that the least is 0 and the largest 255. Default true. */
  readonly scale?: boolean;
  /** In which values are computed with. Default: `config.floatx()`. */
  readonly dtype?: DType | null;
}

/**
 * A picture of an array.
 *
 * @param x shape `(height, width, channels)`, or `(channels, height, width)`, with 1, 3 or 4 channels
 * @param options `dataFormat` (default: `config.imageDataFormat()`), `scale` (default true), `dtype`
 * @throws ShapeError for other shapes
 *
 * @example
 * ```ts
 * const picture = arrayToImg([[[0], [0.5], [1]]]);
 * [picture.mode, ...picture.data]; // → ["L", 0, 127, 255]
 * ```
 */
export function arrayToImg(x: TensorLike, options: ArrayToImgOptions = {}): Img {
  const where = "arrayToImg";
  checkOptions(where, options, ["dataFormat", "scale", "dtype"]);
  const format = standardizeDataFormat(options.dataFormat, where);
  const dtype = asDType(options.dtype ?? floatx(), where);
  let given = toTensor(x, dtype);
  if (given.ndim !== 3) {
    throw new ShapeError(
      `${where}: expected one picture, of three axes. Received shape ${showShape(given.shape)}`,
    );
  }
  if (format === "channels_first") given = given.transpose([1, 2, 0]);
  const [height, width, channels] = given.shape as [number, number, number];
  const mode = ({ 1: "L", 3: "RGB", 4: "RGBA" } as const)[channels];
  if (mode === undefined)
    throw new ShapeError(`${where}: expected 1, 3 or 4 channels. Received shape ${showShape(given.shape)}`);
  let values: Float64Array = Float64Array.from(given.dataSync());
  if (options.scale ?? true) values = stretched(values, isFloat(dtype) && dtype !== "float64");
  if (mode === "L" && values.some((v) => v > 255))
    return new Img("I", width, height, Int32Array.from(values, Math.trunc));
  return new Img(
    mode,
    width,
    height,
    Uint8Array.from(values, (v) => Math.trunc(v)),
  );
}

/** Values from 0 to 255, computed with in float32 where they are such. */
function stretched(values: Float64Array, isSingle: boolean): Float64Array {
  const round = isSingle ? Math.fround : (v: number): number => v;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const v of values) [low, high] = [Math.min(low, v), Math.max(high, v)];
  const span = round(high - low);
  return values.map((v) => {
    const above = round(v - low);
    return round((span === 0 ? above : round(above / span)) * 255);
  });
}

/** Options of {@link saveImg}. */
export interface SaveImgOptions {
  /** Whether channels come last or first. Default: `config.imageDataFormat()`. */
  readonly dataFormat?: DataFormat | null;
  /** `"png"`, `"jpeg"` (or `"jpg"`) or `"bmp"`. Default: the ending of the path. */
  readonly fileFormat?: string | null;
  /** Whether the values are stretched so that the least is 0 and the largest 255. Default true. */
  readonly scale?: boolean;
  /** How good a JPEG is, from 1 to 100. Default 75. */
  readonly quality?: number;
}

/**
 * Writes a picture to a file.
 *
 * @param path a path; in browsers a name that is offered for download, `opfs://…`, … : all that can be written
 * @param x an array as `arrayToImg` takes, or a picture
 * @param options `dataFormat`, `fileFormat` (default: the ending of the path), `scale` (default true), `quality` of a JPEG
 *   (default 75)
 * @throws ValueError, UnsupportedError for formats that are not written, FileError when that is impossible
 *
 * @example
 * ```ts
 * await saveImg("ramp.png", np.linspace(0, 1, 6).reshape([2, 3, 1]));
 * const ramp = await loadImg("ramp.png", { colorMode: "grayscale" });
 * [...ramp.data]; // → [0, 51, 102, 153, 204, 255]
 * ```
 */
export async function saveImg(
  path: Target,
  x: TensorLike | Img,
  options: SaveImgOptions = {},
): Promise<void> {
  const where = "saveImg";
  checkOptions(where, options, ["dataFormat", "fileFormat", "scale", "quality"]);
  const { dataFormat = null, scale = true, quality = 75 } = options;
  const ending =
    typeof path === "string" || path instanceof URL ? /\.(\w+)$/.exec(String(path))?.[1] : undefined;
  const format = (options.fileFormat ?? ending ?? "").toLowerCase();
  const write = encoders[format === "jpg" ? "jpeg" : format];
  if (write === undefined) {
    const message = `${where}: expected a picture in png, jpeg or bmp. Received: ${show(format)}`;
    throw format === "gif" ? new UnsupportedError(message) : new ValueError(message);
  }
  if (!(quality >= 1 && quality <= 100))
    throw new ValueError(
      `${where}: expected quality to be from 1 to 100. Received: quality=${show(quality)}`,
    );
  const array = x instanceof Img ? imgToArray(x, { dataFormat: "channels_last" }) : x;
  const img = arrayToImg(array, { dataFormat: x instanceof Img ? "channels_last" : dataFormat, scale });
  const { writeTarget } = await import("../../files/target.ts");
  const bytes = (await write(img, quality)) as Uint8Array<ArrayBuffer>;
  await writeTarget(path, bytes, where, { type: `image/${format === "jpg" ? "jpeg" : format}` });
}

/** A picture of bytes; grey of 32 bits is cut to 16 for PNG. */
function rasterOf({ mode, width, height, data }: Img): Raster {
  if (mode !== "I") return { mode, width, height, data: data as Uint8Array };
  return {
    mode: "I;16",
    width,
    height,
    data: Uint16Array.from(data, (v) => Math.min(Math.max(v, 0), 65535)),
  };
}

const encoders: Readonly<Record<string, (img: Img, quality: number) => Promise<Uint8Array>>> = {
  png: async (img) => (await import("../../files/png.ts")).encodePngRaster(rasterOf(img)),
  bmp: async (img) => {
    const raster = rasterOf(img);
    return (await import("../../files/image/bmp_encode.ts")).encodeBmp(
      convert(raster, raster.mode === "L" || raster.mode === "I;16" ? "L" : "RGB"),
    );
  },
  jpeg: async (img, quality) => {
    const raster = rasterOf(img);
    if (raster.mode === "RGBA") console.warn("saveImg: JPEG has no opacity; it is left out.");
    const { encodeJpeg } = await import("../../files/image/jpeg_encode.ts");
    return encodeJpeg(convert(raster, raster.mode === "L" || raster.mode === "I;16" ? "L" : "RGB"), quality);
  },
};
