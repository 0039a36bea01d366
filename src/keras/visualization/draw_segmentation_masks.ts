/** Which class each pixel belongs to, as colours over images. */
import {
  checkOptions,
  DTypeError,
  isFloat,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  tensor,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import type { DataFormat } from "../config/image_data_format.ts";
import type { Rgb } from "./draw_bounding_boxes.ts";
import { type Images, readImages } from "./image_batch.ts";

/** Options of `drawSegmentationMasks`. */
export interface DrawSegmentationMasksOptions {
  /** The number of classes. Default: one more than the greatest class of the masks. */
  readonly numClasses?: number | null;
  /** The colour of each class. Default colours that differ. */
  readonly colorMapping?: Readonly<Record<number, Rgb>> | null;
  /** How much the colours cover, from 0 to 1. Default 0.8. */
  readonly alpha?: number;
  /** Whether colours are mixed with the images. Default true. */
  readonly blend?: boolean;
  /** A class that is not drawn. Default -1. */
  readonly ignoreIndex?: number;
  /** Where the channels are. Default `config.imageDataFormat()`. */
  readonly dataFormat?: DataFormat | null;
}

/** Keras's colours of classes. */
function paletteColor(index: number): Rgb {
  const part = (factor: number): number => (index * factor) % 255;
  return [part(2 ** 25 - 1), part(2 ** 15 - 1), part(2 ** 21 - 1)];
}

/** The class of each pixel, for a batch of images. */
function readMasks(
  where: string,
  masks: TensorLike,
  shape: readonly number[],
  channelsFirst: boolean,
): ArrayLike<number> {
  const given = toTensor(masks);
  if (isFloat(given.dtype) || given.dtype === "bool") {
    throw new DTypeError(`${where}: segmentation masks must have an integer dtype. Received: ${given.dtype}`);
  }
  const [batch, height, width] = shape;
  const last = channelsFirst && given.shape.length === 4 ? given.transpose([0, 2, 3, 1]) : given;
  const [b, h, w, one = 1] = last.shape;
  if (b !== batch || h !== height || w !== width || one !== 1 || last.shape.length > 4) {
    throw new ShapeError(
      `${where}: segmentation masks must have shape (${batch}, ${height}, ${width}) or (${batch}, ${height}, ${width}, 1). ` +
        `Received shape: ${showShape(given.shape)}`,
    );
  }
  return last.dataSync();
}

/**
 * Colours the pixels of images by the class that masks give them.
 *
 * @param images shape (batch, height, width, 3), numbers from 0 to 255
 * @param segmentationMasks integers of shape (batch, height, width) or (batch, height, width, 1)
 * @param options `numClasses`, `colorMapping` (number to [red, green, blue]), `alpha` (0.8), `blend` (true), `ignoreIndex`
 *   (-1), `dataFormat`
 * @returns the images with their masks, channels last: uint8, without `blend` float32
 * @throws DTypeError for masks of floats, ShapeError when shapes do not fit
 * @example
 * ```ts
 * const image = np.zeros([1, 1, 2, 3]);
 * const red = { 0: [255, 0, 0], 1: [0, 100, 0] } as const;
 * const drawn = drawSegmentationMasks(image, np.array([[[1, -1]]], { dtype: "int32" }), { colorMapping: red, numClasses: 2 });
 * drawn.arraySync(); // → [[[[0, 80, 0], [0, 0, 0]]]]
 * ```
 */
export function drawSegmentationMasks(
  images: Images,
  segmentationMasks: TensorLike,
  options: DrawSegmentationMasksOptions = {},
): Tensor {
  const where = "drawSegmentationMasks";
  checkOptions(where, options, ["numClasses", "colorMapping", "alpha", "blend", "ignoreIndex", "dataFormat"]);
  const { alpha = 0.8, blend = true, ignoreIndex = -1, colorMapping } = options;
  if (!(alpha >= 0 && alpha <= 1))
    throw new ValueError(`${where}: alpha must be from 0 to 1. Received: ${show(alpha)}`);
  const batch = readImages(where, images, options.dataFormat);
  const channels = batch.shape[3]!;
  if (channels !== 3) {
    throw new ShapeError(`${where}: images must have 3 channels. Received shape: ${showShape(batch.shape)}`);
  }
  const original = toTensor(images);
  const masks = readMasks(where, segmentationMasks, batch.shape, batch !== original);
  const known = Array.from(masks).filter((value) => value !== ignoreIndex);
  const count =
    options.numClasses ?? Math.max(1, known.reduce((most, value) => Math.max(most, value), -1) + 1);
  const colors = Array.from({ length: count }, (_, i): Rgb => {
    if (colorMapping === undefined || colorMapping === null) return paletteColor(i);
    const color = colorMapping[i];
    if (color !== undefined) return color;
    throw new ValueError(
      `${where}: colorMapping must have a colour for each of ${count} classes. There is none for ${i}.`,
    );
  });
  const out = Float32Array.from(batch.dataSync());
  const [keep, cover] = [Math.fround(1 - alpha), Math.fround(alpha)];
  for (let i = 0; i < masks.length; i++) {
    const [id, color] = [masks[i]!, colors[masks[i]!]];
    if (id === ignoreIndex) continue;
    for (let c = 0; c < 3; c++) {
      const at = 3 * i + c;
      // A class beyond the number of classes has no colour, and leaves the image as it is.
      const painted = color === undefined ? out[at]! : color[c]!;
      // Rounded to float32 at every step, as Keras computes it.
      const mixed = Math.fround(out[at]! * keep) + Math.fround(painted * cover);
      out[at] = blend ? mixed : painted;
    }
  }
  if (!blend) return tensor(out, { dtype: "float32", shape: batch.shape });
  const bytes = Uint8Array.from(out, (value) => Math.trunc(Math.min(255, Math.max(0, value))));
  return tensor(bytes, { dtype: "uint8", shape: batch.shape });
}
