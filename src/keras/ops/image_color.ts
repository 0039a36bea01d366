/** keras.ops.image: colours. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  DTypeError,
  isFloat,
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
} from "../../engine/index.ts";
import { channelAxis, checkImages, type ImageOptions } from "./image_layout.ts";
import { mod } from "./numpy_rounding.ts";
import { stack } from "./numpy_shape.ts";

/** The three planes of images, and how they are put together again. */
function planes(
  images: TensorLike,
  where: string,
  options: ImageOptions,
): { readonly parts: readonly [Tensor, Tensor, Tensor]; readonly axis: number; readonly images: Tensor } {
  checkOptions(where, options, ["dataFormat"]);
  const t = checkImages(images, where);
  const axis = channelAxis(t.ndim, options.dataFormat, where);
  if (t.shape[axis] !== 3) {
    throw new ShapeError(`${where}: expected 3 channels. Received shape ${showShape(t.shape)}`);
  }
  const part = (i: number): Tensor => t.at(...t.shape.map((_, d) => (d === axis ? i : [])));
  return { parts: [part(0), part(1), part(2)], axis, images: t };
}

function requireFloat(images: Tensor, where: string): void {
  if (!isFloat(images.dtype))
    throw new DTypeError(`${where}: expected images of a float dtype. Received: ${images.dtype}`);
}

/**
 * The brightness of images: 0.2989 red + 0.5870 green + 0.1140 blue.
 *
 * @param images one image or a batch, with 3 channels, or 1, which stays
 * @param options `dataFormat`
 * @throws ShapeError for other numbers of channels
 *
 * @example
 * ```ts
 * ops.image.rgbToGrayscale([[[0.5, 0, 0]]]).arraySync(); // → [[[0.14945]]]
 * ```
 */
export function rgbToGrayscale(images: TensorLike, options: ImageOptions = {}): Tensor {
  checkOptions("rgbToGrayscale", options, ["dataFormat"]);
  const given = checkImages(images, "rgbToGrayscale");
  if (given.shape[channelAxis(given.ndim, options.dataFormat, "rgbToGrayscale")] === 1) return given;
  const { parts, axis } = planes(images, "rgbToGrayscale", options);
  const dtype = isFloat(given.dtype) ? given.dtype : "float32";
  const [red, green, blue] = parts.map((p) => p.astype(dtype)) as [Tensor, Tensor, Tensor];
  const gray = red.multiply(0.2989).add(green.multiply(0.587)).add(blue.multiply(0.114));
  return stack([gray], { axis }).astype(given.dtype);
}

/**
 * Colours as hue, saturation and value, each from 0 to 1.
 *
 * @param images one image or a batch of a float dtype, red, green and blue from 0 to 1
 * @param options `dataFormat`
 * @throws ShapeError unless there are 3 channels, DTypeError for integers
 *
 * @example
 * ```ts
 * ops.image.rgbToHsv([[[0, 0.5, 0]]]).arraySync(); // → [[[0.33333, 1, 0.5]]]
 * ```
 */
export function rgbToHsv(images: TensorLike, options: ImageOptions = {}): Tensor {
  const { parts, axis, images: given } = planes(images, "rgbToHsv", options);
  requireFloat(given, "rgbToHsv");
  const epsilon = given.dtype === "float64" ? 2 ** -52 : 2 ** -23;
  const [red, green, blue] = parts.map((p) => engine.where(engine.less(engine.abs(p), epsilon), 0, p)) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const value = engine.maximum(engine.maximum(red, green), blue);
  const range = value.subtract(engine.minimum(engine.minimum(red, green), blue));
  const bright = engine.greater(value, 0);
  const coloured = engine.greater(range, 0);
  const saturation = engine.where(bright, range.divide(engine.where(bright, value, 1)), 0);
  const norm = engine.divide(1, engine.where(coloured, range, 1).multiply(6));
  const sector = engine.where(
    engine.equal(value, red),
    norm.multiply(green.subtract(blue)),
    engine.where(
      engine.equal(value, green),
      norm.multiply(blue.subtract(red)).add(2 / 6),
      norm.multiply(red.subtract(green)).add(4 / 6),
    ),
  );
  const hue = engine.where(coloured, sector, 0).add(engine.less(sector, 0).astype(value.dtype));
  return stack([hue, saturation, value], { axis });
}

/**
 * Hue, saturation and value as colours.
 *
 * @param images one image or a batch of a float dtype
 * @param options `dataFormat`
 * @throws ShapeError unless there are 3 channels, DTypeError for integers
 *
 * @example
 * ```ts
 * ops.image.hsvToRgb([[[0, 1, 0.5]]]).arraySync(); // → [[[0.5, 0, 0]]]
 * ```
 */
export function hsvToRgb(images: TensorLike, options: ImageOptions = {}): Tensor {
  const { parts, axis, images: given } = planes(images, "hsvToRgb", options);
  requireFloat(given, "hsvToRgb");
  const [hue, saturation, value] = parts;
  const around = mod(hue, 1).multiply(6);
  const clipped = (x: Tensor): Tensor => engine.minimum(engine.maximum(x, 0), 1);
  const distance = (from: number): Tensor => engine.abs(around.subtract(from));
  const shares = [
    clipped(distance(3).subtract(1)),
    clipped(engine.subtract(2, distance(2))),
    clipped(engine.subtract(2, distance(4))),
  ];
  const white = engine.subtract(1, saturation);
  return stack(
    shares.map((share) => value.multiply(white.add(saturation.multiply(share)))),
    { axis },
  );
}
