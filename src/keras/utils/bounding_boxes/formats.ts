/** How the four numbers of a bounding box can be meant, and each as corners. */
import { concatenate, multiply, type Tensor } from "../../../engine/index.ts";
import { split } from "../../ops/numpy_shape.ts";

/**
 * What the four numbers of a box are: corners (`"xyxy"`, `"yxyx"`), a corner and the size (`"xywh"`), the middle and the size
 * (`"center_xywh"`, `"center_yxhw"`); with `"rel_"` as parts of the image's size.
 */
export type BoundingBoxFormat =
  | "xyxy"
  | "yxyx"
  | "xywh"
  | "center_xywh"
  | "center_yxhw"
  | "rel_xyxy"
  | "rel_yxyx"
  | "rel_xywh"
  | "rel_center_xywh";

/** The names of all formats. */
export const boundingBoxFormats: readonly BoundingBoxFormat[] = [
  ...(["xyxy", "yxyx", "xywh", "center_xywh", "center_yxhw"] as const),
  ...(["rel_xyxy", "rel_yxyx", "rel_xywh", "rel_center_xywh"] as const),
];

/** The four numbers of boxes, or of corners: `[left, top, right, bottom]`. */
export type Four = readonly [Tensor, Tensor, Tensor, Tensor];

/** The numbers of boxes, each with an axis of length 1 in place of the last. */
export function numbersOf(boxes: Tensor): Four {
  return split(boxes, 4, { axis: -1 }) as unknown as Four;
}

/** The inverse of {@link numbersOf}. */
export function boxesOf(numbers: Four): Tensor {
  return concatenate(numbers, -1);
}

interface Converter {
  readonly toCorners: (numbers: Four) => Four;
  readonly fromCorners: (corners: Four) => Four;
}

const half = (x: Tensor): Tensor => multiply(x, 0.5);

const converters: { readonly [F in BoundingBoxFormat as F extends `rel_${string}` ? never : F]: Converter } =
  {
    xyxy: { toCorners: (c) => c, fromCorners: (c) => c },
    yxyx: {
      toCorners: ([y1, x1, y2, x2]) => [x1, y1, x2, y2],
      fromCorners: ([x1, y1, x2, y2]) => [y1, x1, y2, x2],
    },
    xywh: {
      toCorners: ([x, y, w, h]) => [x, y, x.add(w), y.add(h)],
      fromCorners: ([x1, y1, x2, y2]) => [x1, y1, x2.subtract(x1), y2.subtract(y1)],
    },
    center_xywh: {
      toCorners: ([x, y, w, h]) => [x.subtract(half(w)), y.subtract(half(h)), x.add(half(w)), y.add(half(h))],
      fromCorners: ([x1, y1, x2, y2]) => {
        const [w, h] = [x2.subtract(x1), y2.subtract(y1)];
        return [x1.add(half(w)), y1.add(half(h)), w, h];
      },
    },
    center_yxhw: {
      toCorners: ([y, x, h, w]) => converters.center_xywh.toCorners([x, y, w, h]),
      fromCorners: (corners) => {
        const [x, y, w, h] = converters.center_xywh.fromCorners(corners);
        return [y, x, h, w];
      },
    },
  };

/** How a format becomes corners and back, whether relative or not. */
export function converterOf(format: BoundingBoxFormat): Converter {
  return converters[format.replace(/^rel_/, "") as keyof typeof converters];
}
