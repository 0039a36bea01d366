/** How much bounding boxes have in common. */
import {
  arctan,
  checkOptions,
  less,
  maximum,
  minimum,
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
  where,
} from "../../../engine/index.ts";
import { epsilon } from "../../config/config.ts";
import { logicalOr } from "../../ops/numpy_logic.ts";
import { swapaxes } from "../../ops/numpy_shape.ts";
import { checkFormat, convertFormat } from "./converters.ts";
import { type BoundingBoxFormat, type Four, numbersOf } from "./formats.ts";

/** The shape of an image: height, width, channels. */
type ImageShape = readonly [height: number, width: number, channels: number];

/** Options of `computeIou`. */
export interface ComputeIouOptions {
  /** Whether pairs with a box of negative numbers get `maskVal`. Default false. */
  readonly useMasking?: boolean;
  /** The coordinate that marks boxes which are none. Default -1. */
  readonly maskVal?: number;
  /** Of the image, for relative formats. */
  readonly imageShape?: ImageShape | null;
}

/** Options of `computeCiou`. */
export interface ComputeCiouOptions {
  /** The height, width and channels of the images, which relative formats need. */
  readonly imageShape?: ImageShape | null;
}

function corners(
  boxes: TensorLike,
  format: BoundingBoxFormat,
  imageShape: ImageShape | null | undefined,
): Tensor {
  const [height, width] = imageShape ?? [null, null];
  return convertFormat(boxes, format, "xyxy", { height, width });
}

const area = ([x1, y1, x2, y2]: Four): Tensor => x2.subtract(x1).multiply(y2.subtract(y1));

/** The overlap along one direction, at least 0. */
const overlap = (low1: Tensor, high1: Tensor, low2: Tensor, high2: Tensor): Tensor =>
  maximum(minimum(high1, high2).subtract(maximum(low1, low2)), 0);

/**
 * Intersection over union of each pair of bounding boxes.
 *
 * @param boxes1 shape (n, 4) or (batch, n, 4)
 * @param boxes2 shape (m, 4) or (batch, m, 4)
 * @param boundingBoxFormat the format of both
 * @param options `useMasking` (default false), `maskVal` (default -1), `imageShape` for relative formats
 * @returns shape (n, m), or (batch, n, m)
 * @throws ShapeError for other shapes; ValueError for relative formats without `imageShape`
 *
 * @example
 * ```ts
 * boundingBoxes.computeIou([[0, 0, 2, 2]], [[0, 0, 2, 1], [3, 3, 4, 4]], "xyxy").arraySync(); // → [[0.5, 0]]
 * ```
 */
export function computeIou(
  boxes1: TensorLike,
  boxes2: TensorLike,
  boundingBoxFormat: BoundingBoxFormat,
  options: ComputeIouOptions = {},
): Tensor {
  checkOptions("computeIou", options, ["useMasking", "maskVal", "imageShape"]);
  const { useMasking = false, maskVal = -1, imageShape = null } = options;
  const format = checkFormat(boundingBoxFormat, "computeIou", "boundingBoxFormat");
  for (const [name, boxes] of Object.entries({ boxes1, boxes2 })) {
    const { shape } = toTensor(boxes);
    if (shape.length === 2 || shape.length === 3) continue;
    throw new ShapeError(
      `computeIou: expected ${name} of shape (boxes, 4) or (batch, boxes, 4). Received shape ${showShape(shape)}`,
    );
  }
  if (format.startsWith("rel_") && imageShape === null) {
    throw new ValueError(`computeIou: the format ${format} needs imageShape.`);
  }
  const first = corners(boxes1, format, imageShape);
  const second = corners(boxes2, format, imageShape);
  // The first boxes along rows, the second along columns.
  const a = numbersOf(first);
  const b = numbersOf(second).map((t) => swapaxes(t, -1, -2)) as unknown as Four;
  const common = overlap(a[0], a[2], b[0], b[2]).multiply(overlap(a[1], a[3], b[1], b[3]));
  const iou = common.divide(area(a).add(area(b)).subtract(common).add(epsilon()));
  if (!useMasking) return iou;
  const outside = (boxes: Tensor): Tensor => less(boxes.max(-1, { keepdims: true }), 0);
  return where(logicalOr(outside(first), swapaxes(outside(second), -1, -2)), maskVal, iou);
}

/**
 * Complete intersection over union (Zheng et al., 2021) of bounding boxes, one by one: less for middles that lie apart and
 * for other proportions.
 *
 * @param boxes1, boxes2 shape (…, 4)
 * @param boundingBoxFormat the format of both, none that is relative
 * @param options `imageShape`
 * @returns shape (…)
 * @throws ValueError for relative formats
 *
 * @example
 * ```ts
 * boundingBoxes.computeCiou([[0, 0, 2, 2]], [[0, 0, 2, 2]], "xyxy").arraySync(); // → [1.0]
 * ```
 */
export function computeCiou(
  boxes1: TensorLike,
  boxes2: TensorLike,
  boundingBoxFormat: BoundingBoxFormat,
  options: ComputeCiouOptions = {},
): Tensor {
  checkOptions("computeCiou", options, ["imageShape"]);
  const format = checkFormat(boundingBoxFormat, "computeCiou", "boundingBoxFormat");
  if (format.startsWith("rel_")) {
    throw new ValueError(`computeCiou: expected a format that is not relative. Received: ${format}`);
  }
  const a = numbersOf(corners(boxes1, format, options.imageShape));
  const b = numbersOf(corners(boxes2, format, options.imageShape));
  const small = epsilon();
  const sizes = [a, b].map(([x1, y1, x2, y2]) => [x2.subtract(x1), y2.subtract(y1).add(small)] as const);
  const [[w1, h1], [w2, h2]] = sizes as unknown as readonly [
    readonly [Tensor, Tensor],
    readonly [Tensor, Tensor],
  ];
  const common = overlap(a[0], a[2], b[0], b[2]).multiply(overlap(a[1], a[3], b[1], b[3]));
  const union = w1.multiply(h1).add(w2.multiply(h2)).subtract(common).add(small);
  const iou = common.divide(union.add(small));
  const square = (x: Tensor): Tensor => x.multiply(x);
  const around = (i: 0 | 1): Tensor => square(maximum(a[i + 2]!, b[i + 2]!).subtract(minimum(a[i], b[i])));
  const apart = (i: 0 | 1): Tensor =>
    square(
      a[i]
        .add(a[i + 2]!)
        .divide(2)
        .subtract(b[i].add(b[i + 2]!).divide(2)),
    );
  const diagonal = around(0).add(around(1)).add(small);
  const v = square(arctan(w2.divide(h2)).subtract(arctan(w1.divide(h1)))).multiply(4 / Math.PI ** 2);
  const alpha = v.divide(v.subtract(iou).add(1 + small));
  const ciou = iou.subtract(apart(0).add(apart(1)).divide(diagonal).add(v.multiply(alpha)));
  return ciou.reshape(ciou.shape.slice(0, -1));
}
