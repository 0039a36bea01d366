/** Bounding boxes in other formats, cut to the image, moved and turned. */
import {
  add,
  asDType,
  checkOptions,
  cos,
  type DType,
  didYouMean,
  divide,
  greater,
  multiply,
  ShapeError,
  show,
  showShape,
  sin,
  subtract,
  type Tensor,
  type TensorLike,
  tan,
  toTensor,
  UnsupportedError,
  ValueError,
  where,
} from "../../../engine/index.ts";
import { clip } from "../../ops/numpy_elementwise.ts";
import { stack } from "../../ops/numpy_shape.ts";
import {
  type BoundingBoxFormat,
  boundingBoxFormats,
  boxesOf,
  converterOf,
  type Four,
  numbersOf,
} from "./formats.ts";

/** Boxes with what stands in them; further keys are passed on. */
export interface BoundingBoxes<T = TensorLike> {
  /** Shape (boxes, 4) or (batch, boxes, 4). */
  readonly boxes: T;
  /** One for each box; -1 where there is none. */
  readonly labels?: T;
}

/** Options that say how large images are. */
export interface ImageSizeOptions {
  /** The height of the image, or one for each box. */
  readonly height?: TensorLike | null;
  /** The width of the image, or one for each box. */
  readonly width?: TensorLike | null;
}

/** Options of `convertFormat`. */
export interface ConvertFormatOptions extends ImageSizeOptions {
  /** Of the result. Default `"float32"`. */
  readonly dtype?: DType;
}

/** Whether boxes came with labels. */
function isLabeled(x: TensorLike | BoundingBoxes): x is BoundingBoxes {
  return typeof x === "object" && x !== null && "boxes" in x;
}

/** Checks the name of a format, in whatever case. */
export function checkFormat(format: unknown, where: string, name: string): BoundingBoxFormat {
  const lower = typeof format === "string" ? format.toLowerCase() : format;
  if ((boundingBoxFormats as readonly unknown[]).includes(lower)) return lower as BoundingBoxFormat;
  throw new ValueError(
    `${where}: expected ${name} to be one of ${boundingBoxFormats.join(", ")}. Received: ${name}=${show(format)}.` +
      didYouMean(String(format), boundingBoxFormats),
  );
}

function checkBoxes(boxes: TensorLike, where: string): Tensor {
  const t = toTensor(boxes);
  if (t.shape.at(-1) === 4) return t;
  throw new ShapeError(
    `${where}: expected boxes with a last axis of length 4. Received shape ${showShape(t.shape)}`,
  );
}

/** Corners with a function applied to each number and the image's size along it. */
function withSize(
  [x1, y1, x2, y2]: Four,
  width: Tensor,
  height: Tensor,
  fn: (x: Tensor, size: Tensor) => Tensor,
): Four {
  return [fn(x1, width), fn(y1, height), fn(x2, width), fn(y2, height)];
}

/**
 * Bounding boxes in another format.
 *
 * @param boxes shape (…, 4); or an object with them as `boxes`, of which a copy with the new ones is given
 * @param source, target formats: `"xyxy"`, `"yxyx"`, `"xywh"`, `"center_xywh"`, `"center_yxhw"`, `"rel_xyxy"`, `"rel_yxyx"`,
 *   `"rel_xywh"`, `"rel_center_xywh"`
 * @param options `height`, `width` of the image, for relative formats; `dtype` (default `"float32"`)
 * @throws ShapeError unless boxes have four numbers; ValueError for other formats, and for relative ones without a size
 *
 * @example
 * ```ts
 * boundingBoxes.convertFormat([[1, 2, 3, 6]], "xyxy", "xywh").arraySync(); // → [[1, 2, 2, 4]]
 * const size = { height: 8, width: 4 };
 * boundingBoxes.convertFormat([[1, 2, 3, 6]], "xyxy", "rel_xyxy", size).arraySync(); // → [[0.25, 0.25, 0.75, 0.75]]
 * ```
 */
export function convertFormat(
  boxes: TensorLike,
  source: BoundingBoxFormat,
  target: BoundingBoxFormat,
  options?: ConvertFormatOptions,
): Tensor;
export function convertFormat(
  boxes: BoundingBoxes,
  source: BoundingBoxFormat,
  target: BoundingBoxFormat,
  options?: ConvertFormatOptions,
): BoundingBoxes<Tensor>;
export function convertFormat(
  boxes: TensorLike | BoundingBoxes,
  source: BoundingBoxFormat,
  target: BoundingBoxFormat,
  options: ConvertFormatOptions = {},
): Tensor | BoundingBoxes<Tensor> {
  checkOptions("convertFormat", options, ["height", "width", "dtype"]);
  if (isLabeled(boxes)) {
    const { labels, ...rest } = boxes;
    const converted = { ...rest, boxes: convertFormat(boxes.boxes, source, target, options) };
    return labels === undefined ? converted : { ...converted, labels: toTensor(labels) };
  }
  const from = checkFormat(source, "convertFormat", "source");
  const to = checkFormat(target, "convertFormat", "target");
  const { height = null, width = null } = options;
  const dtype = asDType(options.dtype ?? "float32", "convertFormat");
  const given = checkBoxes(boxes, "convertFormat").astype(dtype);
  const [fromRelative, toRelative] = [from.startsWith("rel_"), to.startsWith("rel_")];
  if ((fromRelative || toRelative) && (height === null || width === null)) {
    throw new ValueError(
      "convertFormat: between relative and absolute formats it needs height and width. " +
        `Received: source=${from}, target=${to}, height=${show(height)}, width=${show(width)}`,
    );
  }
  if (from === to) return given;
  let corners = converterOf(from).toCorners(numbersOf(given));
  if (fromRelative !== toRelative) {
    const [w, h] = [toTensor(width!, dtype), toTensor(height!, dtype)];
    corners = withSize(corners, w, h, fromRelative ? multiply : divide);
  }
  return boxesOf(converterOf(to).fromCorners(corners));
}

/** Options of `clipToImageSize`. */
export interface ClipToImageSizeOptions extends ImageSizeOptions {
  /** `"xyxy"` (default), which needs the size of the image, or `"rel_xyxy"`. */
  readonly boundingBoxFormat?: "xyxy" | "rel_xyxy";
}

/**
 * Bounding boxes cut at the borders of the image. The labels of those of which nothing is left become -1.
 *
 * @param boundingBoxes `boxes` of shape (…, 4), and `labels`
 * @param options `height`, `width` of the image; `boundingBoxFormat` (default `"xyxy"`, or `"rel_xyxy"`)
 * @throws UnsupportedError for other formats; ValueError for `"xyxy"` without a size
 *
 * @example
 * ```ts
 * const inside = { boxes: [[-1, 0, 2, 9], [5, 5, 6, 6]], labels: [3, 4] };
 * const { boxes, labels } = boundingBoxes.clipToImageSize(inside, { height: 4, width: 4 });
 * boxes.arraySync(); // → [[0, 0, 2, 4], [4, 4, 4, 4]]
 * labels?.arraySync(); // → [3, -1]
 * ```
 */
export function clipToImageSize(
  boundingBoxes: BoundingBoxes,
  options: ClipToImageSizeOptions = {},
): BoundingBoxes<Tensor> {
  checkOptions("clipToImageSize", options, ["height", "width", "boundingBoxFormat"]);
  const { height = null, width = null, boundingBoxFormat = "xyxy" } = options;
  if (boundingBoxFormat !== "xyxy" && boundingBoxFormat !== "rel_xyxy") {
    throw new UnsupportedError(
      `clipToImageSize: expected boundingBoxFormat to be "xyxy" or "rel_xyxy". Received: ${show(boundingBoxFormat)}`,
    );
  }
  const relative = boundingBoxFormat === "rel_xyxy";
  if (!relative && (height === null || width === null)) {
    throw new ValueError(
      `clipToImageSize: "xyxy" needs height and width. Received: height=${show(height)}, width=${show(width)}`,
    );
  }
  const boxes = checkBoxes(boundingBoxes.boxes, "clipToImageSize");
  const [w, h] = relative ? [1, 1] : [toTensor(width!, boxes.dtype), toTensor(height!, boxes.dtype)];
  const cut = cutAt(numbersOf(boxes), w, h);
  const { labels, ...rest } = boundingBoxes;
  const clipped = { ...rest, boxes: boxesOf(cut) };
  if (labels === undefined) return clipped;
  const [x1, y1, x2, y2] = cut;
  const area = x2.subtract(x1).multiply(y2.subtract(y1));
  const left = greater(area, 0).reshape(area.shape.slice(0, -1));
  return { ...clipped, labels: where(left, labels, -1) };
}

function cutAt([x1, y1, x2, y2]: Four, width: TensorLike, height: TensorLike): Four {
  return [clip(x1, 0, width), clip(y1, 0, height), clip(x2, 0, width), clip(y2, 0, height)];
}

function onlyCorners(format: string, where: string): void {
  if (format === "xyxy") return;
  throw new UnsupportedError(`${where}: expected boundingBoxFormat to be "xyxy". Received: ${show(format)}`);
}

/** Options of functions that know corners only. */
export interface CornersOptions {
  /** Only `"xyxy"` (default). */
  readonly boundingBoxFormat?: "xyxy";
}

/** Options of `affineTransform`. */
export interface AffineBoxesOptions extends CornersOptions {
  /** What stays in place, as a part of the image's width. Default 0.5. */
  readonly centerX?: TensorLike | null;
  /** The same of its height. Default 0.5. */
  readonly centerY?: TensorLike | null;
}

/**
 * The boxes around bounding boxes that are turned, moved, scaled and sheared as the images are.
 *
 * @param boxes corners, shape (batch, boxes, 4)
 * @param angle in degrees, one for each image
 * @param translateX, translateY parts of the image's width and height
 * @param scale, shearX, shearY one for each image; shears in degrees
 * @param height, width of the images
 * @param options `centerX`, `centerY` (default 0.5), `boundingBoxFormat` (`"xyxy"`)
 * @throws UnsupportedError for other formats
 *
 * @example
 * ```ts
 * // Half of 2 pixels to the right.
 * const moved = boundingBoxes.affineTransform([[[0, 0, 2, 1]]], [0], [0.5], [0], [1], [0], [0], 3, 3);
 * moved.arraySync(); // → [[[1, 0, 3, 1]]]
 * ```
 */
export function affineTransform(
  boxes: TensorLike,
  angle: TensorLike,
  translateX: TensorLike,
  translateY: TensorLike,
  scale: TensorLike,
  shearX: TensorLike,
  shearY: TensorLike,
  height: TensorLike,
  width: TensorLike,
  options: AffineBoxesOptions = {},
): Tensor {
  checkOptions("affineTransform", options, ["centerX", "centerY", "boundingBoxFormat"]);
  onlyCorners(options.boundingBoxFormat ?? "xyxy", "affineTransform");
  const [right, down] = [width, height].map((n) => toTensor(n, "float32").subtract(1)) as [Tensor, Tensor];
  const radians = (x: TensorLike): Tensor => toTensor(x, "float32").multiply(-Math.PI / 180);
  const [turn, sx, sy] = [radians(angle), radians(shearX), radians(shearY)];
  const factor = toTensor(scale, "float32");
  const [cx, cy] = [right.multiply(options.centerX ?? 0.5), down.multiply(options.centerY ?? 0.5)];
  // Where the point is that the middle comes from.
  const x0 = cx.subtract(right.multiply(translateX));
  const y0 = cy.subtract(down.multiply(translateY));
  const a = cos(turn.subtract(sy)).divide(cos(sy));
  const b = a.multiply(tan(sx)).add(sin(turn));
  const c = sin(turn.subtract(sy)).divide(cos(sy)).negate();
  const d = cos(turn).subtract(c.multiply(tan(sx)));
  const [samples, count] = checkBoxes(boxes, "affineTransform").shape as [number, number, number];
  const [x1, y1, x2, y2] = numbersOf(toTensor(boxes, "float32")).map((n) =>
    n.reshape(samples, count),
  ) as unknown as Four;
  const corners = [
    [x1, y1],
    [x2, y1],
    [x2, y2],
    [x1, y2],
  ] as const;
  const each = (t: Tensor): Tensor => t.reshape(-1, 1);
  // One coordinate of the corners, with an axis for them.
  const along = (p: Tensor, q: Tensor, middle: Tensor): Tensor => {
    const rest = middle.subtract(p.multiply(x0)).subtract(q.multiply(y0));
    const moved = corners.map(([x, y]) => each(p).multiply(x).add(each(q).multiply(y)).add(each(rest)));
    return stack(moved, { axis: -1 });
  };
  const xs = along(d.multiply(factor), b.multiply(factor).negate(), cx);
  const ys = along(c.multiply(factor).negate(), a.multiply(factor), cy);
  return stack([xs.min(-1), ys.min(-1), xs.max(-1), ys.max(-1)], { axis: -1 });
}

/**
 * Bounding boxes in a part that is cut out of the image.
 *
 * @param boxes corners, shape (…, 4)
 * @param top, left, height, width of the part
 * @param options `boundingBoxFormat` (`"xyxy"`)
 * @throws UnsupportedError for other formats
 *
 * @example
 * ```ts
 * boundingBoxes.crop([[1, 1, 5, 5]], 2, 0, 3, 4).arraySync(); // → [[1, 0, 4, 3]]
 * ```
 */
export function crop(
  boxes: TensorLike,
  top: TensorLike,
  left: TensorLike,
  height: TensorLike,
  width: TensorLike,
  options: CornersOptions = {},
): Tensor {
  checkOptions("crop", options, ["boundingBoxFormat"]);
  onlyCorners(options.boundingBoxFormat ?? "xyxy", "crop");
  const given = checkBoxes(boxes, "crop");
  return boxesOf(cutAt(withSize(numbersOf(given), toTensor(left), toTensor(top), subtract), width, height));
}

/** Options of `pad`. */
export interface PadBoxesOptions extends CornersOptions, ImageSizeOptions {}

/**
 * Bounding boxes of an image that gets a border.
 *
 * @param boxes corners, shape (…, 4)
 * @param top, left how wide the border is there
 * @param options `boundingBoxFormat` (`"xyxy"`); `height` and `width` change nothing
 * @throws UnsupportedError for other formats
 *
 * @example
 * ```ts
 * boundingBoxes.pad([[1, 1, 5, 5]], 2, 0).arraySync(); // → [[1, 3, 5, 7]]
 * ```
 */
export function pad(
  boxes: TensorLike,
  top: TensorLike,
  left: TensorLike,
  options: PadBoxesOptions = {},
): Tensor {
  checkOptions("pad", options, ["height", "width", "boundingBoxFormat"]);
  onlyCorners(options.boundingBoxFormat ?? "xyxy", "pad");
  return boxesOf(withSize(numbersOf(checkBoxes(boxes, "pad")), toTensor(left), toTensor(top), add));
}
