/** Boxes around what is seen, drawn into images. */
import {
  checkOptions,
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
import { type BoundingBoxFormat, convertFormat } from "../utils/bounding_boxes/index.ts";
import { drawRectangle, drawText, type Pixel } from "./canvas.ts";
import { type ClassMapping, className, type Images, readImages, toBytes } from "./image_batch.ts";

/** Boxes with their labels. */
export interface LabeledBoxes {
  /** Shape (batch, boxes, 4). */
  readonly boxes: TensorLike;
  /** Shape (batch, boxes): the class of each box, -1 where there is none. */
  readonly labels: TensorLike;
  /** Shape (batch, boxes): how sure each is. */
  readonly confidences?: TensorLike;
}

/** A colour: red, green and blue from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Options of `drawBoundingBoxes`. */
export interface DrawBoundingBoxesOptions {
  /** The names of the classes, which are written at their boxes. Default none. */
  readonly classMapping?: ClassMapping | null;
  /** The color of boxes and labels, red, green and blue from 0 to 255. Default `[128, 128, 128]`. */
  readonly color?: Rgb;
  /** The width of the lines, in pixels. Default 2. */
  readonly lineThickness?: number;
  /** The width of the strokes of labels, in pixels; null is that of the lines. Default 1. */
  readonly textThickness?: number | null;
  /** The size of labels; 1 makes capitals 21 pixels high. Default 1. */
  readonly fontScale?: number;
  /** Where the channels are. Default `config.imageDataFormat()`. */
  readonly dataFormat?: DataFormat | null;
}

/** Where a label stands: above its box, or inside where there is no room above. */
function textPlace(x: number, y: number, scale: number, thickness: number): [x: number, y: number] {
  const height = Math.trunc(scale * 12);
  if (y - 8 - 2 * height > 0) return [x, y - 8];
  return [x + 3, y + 2 * height + thickness + 3];
}

/** Draws boxes into images that are bytes already. */
export function drawBoxes(
  where: string,
  data: Uint8Array,
  shape: readonly number[],
  given: LabeledBoxes,
  format: BoundingBoxFormat,
  options: DrawBoundingBoxesOptions,
): void {
  const [batch = 0, height = 0, width = 0, channels = 0] = shape;
  if (typeof given !== "object" || given === null || !("boxes" in given) || !("labels" in given)) {
    throw new ValueError(
      `${where}: boundingBoxes must be an object with boxes and labels. Received: ${show(given)}`,
    );
  }
  const { color = [128, 128, 128], lineThickness = 2, textThickness = 1, fontScale = 1 } = options;
  if (!(color.length === 3 && color.every((part) => part >= 0 && part <= 255))) {
    throw new ValueError(`${where}: color must be three numbers from 0 to 255. Received: ${show(color)}`);
  }
  for (const [name, value] of Object.entries({
    lineThickness,
    textThickness: textThickness ?? 1,
    fontScale,
  })) {
    if (!(value > 0)) throw new ValueError(`${where}: ${name} must be positive. Received: ${show(value)}`);
  }
  const labels = toTensor(given.labels);
  const corners = convertFormat(given.boxes, format, "xyxy", { height, width });
  const [boxBatch, count = 0] = corners.shape;
  const confidences = given.confidences === undefined ? undefined : toTensor(given.confidences);
  for (const [name, each] of [["labels", labels] as const, ["confidences", confidences] as const]) {
    if (
      each !== undefined &&
      (corners.shape.length !== 3 || boxBatch !== batch || each.size !== batch * count)
    ) {
      throw new ShapeError(
        `${where}: boxes must have shape (${batch}, boxes, 4) and ${name} (${batch}, boxes). ` +
          `Received shapes: ${showShape(corners.shape)} and ${showShape(each.shape)}`,
      );
    }
  }
  const [box, label, sure] = [corners.dataSync(), labels.dataSync(), confidences?.dataSync()];
  const pixel: Pixel = channels === 1 ? [color[0]] : [...color, 255];
  const thickness = textThickness === null || textThickness === 0 ? lineThickness : textThickness;
  for (let i = 0; i < batch; i++) {
    const canvas = { data, start: i * height * width * channels, height, width, channels };
    for (let j = 0; j < count; j++) {
      const at = i * count + j;
      const id = Math.trunc(label[at]!);
      if (id === -1) continue;
      const [x1, y1, x2, y2] = Array.from(box.slice(4 * at, 4 * at + 4), Math.trunc) as [
        number,
        number,
        number,
        number,
      ];
      drawRectangle(canvas, [x1, y1, x2, y2], pixel, lineThickness);
      const name = className(options.classMapping, id);
      if (name === undefined) continue;
      const text = sure === undefined ? name : `${name} | ${sure[at]!.toFixed(2)}`;
      drawText(canvas, text, ...textPlace(x1, y1, fontScale, thickness), fontScale, pixel, thickness);
    }
  }
}

/**
 * Draws boxes into a batch of images, with the names of their classes and how sure they are.
 *
 * @param images shape (batch, height, width, channels); floats up to 1 count as 0..1, others as 0..255
 * @param boundingBoxes `boxes` of shape (batch, boxes, 4), `labels` of shape (batch, boxes) (-1: no box), and perhaps
 *   `confidences`
 * @param boundingBoxFormat as in `utils.boundingBoxes.convertFormat`: "xyxy", "xywh", "center_xywh", "rel_xyxy" …
 * @param options `classMapping` (number to name), `color` ([128, 128, 128]), `lineThickness` (2), `textThickness` (1),
 *   `fontScale` (1), `dataFormat`
 * @returns the images with boxes, uint8, channels last
 * @throws ShapeError when shapes do not fit, ValueError for other options
 * @example
 * ```ts
 * const image = np.zeros([1, 4, 4, 3]);
 * const boxes = { boxes: [[[0, 0, 3, 3]]], labels: [[0]] };
 * const drawn = drawBoundingBoxes(image, boxes, "xyxy", { color: [9, 8, 7], lineThickness: 1 });
 * drawn.at("...", [0, 2], [0, 2], [0, 3]).arraySync(); // → [[[[9, 8, 7], [9, 8, 7]], [[9, 8, 7], [0, 0, 0]]]]
 * ```
 */
export function drawBoundingBoxes(
  images: Images,
  boundingBoxes: LabeledBoxes,
  boundingBoxFormat: BoundingBoxFormat,
  options: DrawBoundingBoxesOptions = {},
): Tensor {
  checkOptions("drawBoundingBoxes", options, [
    "classMapping",
    "color",
    "lineThickness",
    "textThickness",
    "fontScale",
    "dataFormat",
  ]);
  const batch = readImages("drawBoundingBoxes", images, options.dataFormat);
  const bytes = toBytes(batch);
  drawBoxes("drawBoundingBoxes", bytes, batch.shape, boundingBoxes, boundingBoxFormat, options);
  return tensor(bytes, { dtype: "uint8", shape: batch.shape });
}
