/** Bounding boxes as distances from anchors, which is what detectors predict. */
import {
  checkOptions,
  concatenate,
  exp,
  isPlainObject,
  log,
  maximum,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../../engine/index.ts";
import { epsilon } from "../../config/config.ts";
import { split } from "../../ops/numpy_shape.ts";
import { convertFormat } from "./converters.ts";
import type { BoundingBoxFormat } from "./formats.ts";

/** Formats in which distances can be. */
export type DeltaFormat = "center_xywh" | "center_yxhw";

interface DeltaOptions {
  /** What distances are divided by, four numbers. Default none. */
  readonly variance?: TensorLike | null;
  /** Height, width and channels of the image, for relative formats. */
  readonly imageShape?: readonly [height: number, width: number, channels: number] | null;
}

/** Options of `encodeBoxToDeltas`. */
export interface EncodeBoxToDeltasOptions extends DeltaOptions {
  /** The format of the distances. Default `"center_yxhw"`. */
  readonly encodingFormat?: DeltaFormat;
}

/** Options of `decodeDeltasToBoxes`. */
export interface DecodeDeltasToBoxesOptions extends DeltaOptions {
  /** The format of the distances. Default `"center_yxhw"`. */
  readonly encodedFormat?: DeltaFormat;
}

function checkDeltaFormat(format: unknown, where: string, name: string): DeltaFormat {
  if (format === "center_xywh" || format === "center_yxhw") return format;
  throw new ValueError(
    `${where}: expected ${name} to be "center_xywh" or "center_yxhw". Received: ${name}=${show(format)}`,
  );
}

function checkVariance(variance: TensorLike | null | undefined, where: string): Tensor | undefined {
  if (variance === null || variance === undefined) return undefined;
  const t = toTensor(variance, "float32");
  if (t.shape.at(-1) === 4) return t;
  throw new ShapeError(`${where}: expected variance to have length 4. Received shape ${showShape(t.shape)}`);
}

/** Middles and sizes. */
const halves = (boxes: Tensor): readonly [Tensor, Tensor] =>
  split(boxes, 2, { axis: -1 }) as unknown as readonly [Tensor, Tensor];

function sizeOf({ imageShape }: DeltaOptions): { readonly height?: number; readonly width?: number } {
  return imageShape === null || imageShape === undefined
    ? {}
    : { height: imageShape[0], width: imageShape[1] };
}

/**
 * How far boxes are from anchors: their middles' distances as parts of the anchor's size, and the logarithms of their sizes
 * over the anchor's.
 *
 * @param anchors shape (boxes, 4)
 * @param boxes shape (boxes, 4) or (batch, boxes, 4)
 * @param anchorFormat, boxFormat the formats of both
 * @param options `encodingFormat` of the result (`"center_yxhw"`, the default, or `"center_xywh"`), `variance`, `imageShape`
 * @throws ValueError for other formats, ShapeError unless `variance` has four numbers
 *
 * @example
 * ```ts
 * const deltas = boundingBoxes.encodeBoxToDeltas([[0, 0, 2, 2]], [[1, 0, 3, 2]], "xyxy", "xyxy");
 * deltas.arraySync(); // → [[0, 0.5, 0, 0]]
 * ```
 */
export function encodeBoxToDeltas(
  anchors: TensorLike,
  boxes: TensorLike,
  anchorFormat: BoundingBoxFormat,
  boxFormat: BoundingBoxFormat,
  options: EncodeBoxToDeltasOptions = {},
): Tensor {
  const at = "encodeBoxToDeltas";
  checkOptions(at, options, ["encodingFormat", "variance", "imageShape"]);
  const variance = checkVariance(options.variance, at);
  const format = checkDeltaFormat(options.encodingFormat ?? "center_yxhw", at, "encodingFormat");
  const size = sizeOf(options);
  const [anchorMiddle, anchorSize] = halves(convertFormat(anchors, anchorFormat, format, size));
  const [middle, boxSize] = halves(convertFormat(boxes, boxFormat, format, size));
  const unit = maximum(anchorSize, epsilon());
  const deltas = concatenate(
    [middle.subtract(anchorMiddle).divide(unit), log(maximum(boxSize, epsilon()).divide(unit))],
    -1,
  );
  return variance === undefined ? deltas : deltas.divide(variance);
}

/**
 * The boxes that are so far from anchors: the inverse of {@link encodeBoxToDeltas}.
 *
 * @param anchors shape (boxes, 4); or an object of such, one for each level
 * @param boxesDelta shape (boxes, 4) or (batch, boxes, 4); or an object of such
 * @param anchorFormat, boxFormat the formats of anchors and of the result
 * @param options `encodedFormat` of the distances (default `"center_yxhw"`), `variance`, `imageShape`
 * @throws ValueError for other formats, ShapeError unless `variance` has four numbers
 *
 * @example
 * ```ts
 * boundingBoxes.decodeDeltasToBoxes([[0, 0, 2, 2]], [[0, 0.5, 0, 0]], "xyxy", "xyxy").arraySync(); // → [[1, 0, 3, 2]]
 * ```
 */
export function decodeDeltasToBoxes(
  anchors: TensorLike,
  boxesDelta: TensorLike,
  anchorFormat: BoundingBoxFormat,
  boxFormat: BoundingBoxFormat,
  options?: DecodeDeltasToBoxesOptions,
): Tensor;
export function decodeDeltasToBoxes<L extends string>(
  anchors: { readonly [Level in L]: TensorLike },
  boxesDelta: { readonly [Level in L]: TensorLike },
  anchorFormat: BoundingBoxFormat,
  boxFormat: BoundingBoxFormat,
  options?: DecodeDeltasToBoxesOptions,
): { readonly [Level in L]: Tensor };
export function decodeDeltasToBoxes(
  anchors: TensorLike | Readonly<Record<string, TensorLike>>,
  boxesDelta: TensorLike | Readonly<Record<string, TensorLike>>,
  anchorFormat: BoundingBoxFormat,
  boxFormat: BoundingBoxFormat,
  options: DecodeDeltasToBoxesOptions = {},
): Tensor | Readonly<Record<string, Tensor>> {
  const at = "decodeDeltasToBoxes";
  checkOptions(at, options, ["encodedFormat", "variance", "imageShape"]);
  const variance = checkVariance(options.variance, at);
  const format = checkDeltaFormat(options.encodedFormat ?? "center_yxhw", at, "encodedFormat");
  const size = sizeOf(options);
  if (isPlainObject(anchors) && isPlainObject(boxesDelta)) {
    const deltas = boxesDelta;
    const levels = Object.entries(anchors);
    return Object.fromEntries(levels.map(([level, anchor]) => [level, decode(anchor, deltas[level]!)]));
  }
  return decode(anchors as TensorLike, boxesDelta as TensorLike);

  function decode(anchor: TensorLike, deltas: TensorLike): Tensor {
    const [anchorMiddle, anchorSize] = halves(convertFormat(anchor, anchorFormat, format, size));
    const given = toTensor(deltas, "float32");
    const [middle, boxSize] = halves(variance === undefined ? given : given.multiply(variance));
    const boxes = concatenate(
      [middle.multiply(anchorSize).add(anchorMiddle), exp(boxSize).multiply(anchorSize)],
      -1,
    );
    return convertFormat(boxes, format, boxFormat, size);
  }
}
