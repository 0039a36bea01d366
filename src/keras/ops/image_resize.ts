/** keras.ops.image: images of another size. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  isHalf,
  normalizeAxis,
  type Shape,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import type { DataFormat } from "../backend/data_format.ts";
import { checkChoice } from "../utils/argument_validation.ts";
import { toFloat, toPrecise } from "./convert.ts";
import { onBatch } from "./image_layout.ts";
import { tensordot } from "./numpy_linear.ts";
import { pad } from "./numpy_pad.ts";
import { moveaxis } from "./numpy_shape.ts";

/** How new pixels come from old ones. */
export type ResizeInterpolation = "bilinear" | "nearest" | "lanczos3" | "lanczos5" | "bicubic";

/** The names of all kinds of interpolation. */
export const resizeInterpolations: readonly ResizeInterpolation[] = [
  ...(["bilinear", "nearest", "lanczos3", "lanczos5", "bicubic"] as const),
];

/** Options of `resize`. */
export interface ResizeOptions {
  /** How pixels between pixels are found. Default `"bilinear"`. */
  readonly interpolation?: ResizeInterpolation;
  /** Whether images that become smaller are smoothed first. Default false. */
  readonly antialias?: boolean;
  /** Whether the middle is cut out first so that proportions stay. Default false. */
  readonly cropToAspectRatio?: boolean;
  /** Whether borders are added first so that proportions stay. Default false. */
  readonly padToAspectRatio?: boolean;
  /** How the image goes on outside, with `padToAspectRatio`. Default `"constant"`. */
  readonly fillMode?: "constant";
  /** The value of what is filled in. Default 0. */
  readonly fillValue?: number;
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/** The weight of a pixel at a distance. */
type Kernel = (distance: Tensor) => Tensor;

const triangle: Kernel = (x) => engine.maximum(engine.subtract(1, x), 0);

/** Keys' cubic with a = -1/2. */
const cubic: Kernel = (x) => {
  const near = x.multiply(1.5).subtract(2.5).multiply(x).multiply(x).add(1);
  const far = x.multiply(-0.5).add(2.5).multiply(x).subtract(4).multiply(x).add(2);
  return engine.where(engine.less(x, 1), near, engine.where(engine.less(x, 2), far, 0));
};

const lanczos =
  (radius: number): Kernel =>
  (x) => {
    const angle = x.multiply(Math.PI);
    const product = engine
      .sin(angle)
      .multiply(engine.sin(angle.divide(radius)))
      .multiply(radius);
    const near = engine.lessEqual(x, 1e-3);
    const value = product.divide(engine.where(near, 1, angle.multiply(angle)));
    return engine.where(engine.greater(x, radius), 0, engine.where(near, 1, value));
  };

/** How `scaleAndTranslate` interpolates. */
export type ScaleMethod =
  | "linear"
  | "bilinear"
  | "trilinear"
  | "cubic"
  | "bicubic"
  | "tricubic"
  | "lanczos3"
  | "lanczos5";

const kernels: Readonly<Record<ScaleMethod, Kernel>> = {
  linear: triangle,
  bilinear: triangle,
  trilinear: triangle,
  cubic,
  bicubic: cubic,
  tricubic: cubic,
  lanczos3: lanczos(3),
  lanczos5: lanczos(5),
};

/**
 * An axis in another length: each new element is a weighted sum of old ones.
 *
 * @param scale, translation of the new positions, numbers or scalars
 */
function resample(
  x: Tensor,
  axis: number,
  length: number,
  scale: TensorLike,
  translation: TensorLike,
  kernel: Kernel,
  antialias: boolean,
): Tensor {
  const n = x.shape[axis]!;
  const shape = [n, length];
  const inverse = engine.divide(1, scale);
  const at = engine
    .add(engine.iota(shape, 1, x.dtype), 0.5)
    .multiply(inverse)
    .subtract(engine.multiply(translation, inverse))
    .subtract(0.5);
  const spread = antialias ? engine.maximum(inverse, 1) : 1;
  const weights = kernel(engine.abs(at.subtract(engine.iota(shape, 0, x.dtype))).divide(spread));
  const total = engine.broadcastTo(weights.sum([0]).reshape([1, length]), shape);
  const some = engine.greater(engine.abs(total), 1000 * (x.dtype === "float64" ? 2 ** -52 : 2 ** -23));
  const inside = engine.bitwiseAnd(engine.greaterEqual(at, -0.5), engine.lessEqual(at, n - 0.5));
  const shares = engine.where(
    engine.bitwiseAnd(some, inside),
    weights.divide(engine.where(some, total, 1)),
    0,
  );
  return moveaxis(tensordot(x, shares, { axes: [[axis], [0]] }), -1, axis);
}

/** The nearest old element for each new one. */
function nearest(x: Tensor, axis: number, length: number): Tensor {
  const n = x.shape[axis]!;
  const indices = Int32Array.from({ length }, (_, i) =>
    Math.min(n - 1, Math.floor(Math.fround(Math.fround(i + 0.5) * Math.fround(n / length)))),
  );
  return engine.take(x, toTensor(indices), axis);
}

/**
 * Images in another size.
 *
 * @param images one image or a batch
 * @param size `[height, width]`
 * @param options `interpolation` (default `"bilinear"`), `antialias` (default false), `cropToAspectRatio`,
 *   `padToAspectRatio` (default false), `fillMode` (`"constant"`), `fillValue` (default 0), `dataFormat`
 * @throws ValueError for options that cannot be, ShapeError for what is no image
 *
 * @example
 * ```ts
 * ops.image.resize([[[0], [2]]], [1, 4]).arraySync(); // → [[[0], [0.5], [1.5], [2]]]
 * ```
 */
export function resize(
  images: TensorLike,
  size: readonly [number, number],
  options: ResizeOptions = {},
): Tensor {
  checkOptions("resize", options, [
    ...["interpolation", "antialias", "cropToAspectRatio", "padToAspectRatio", "fillMode", "fillValue"],
    "dataFormat",
  ]);
  const { antialias = false, cropToAspectRatio = false, padToAspectRatio = false, fillValue = 0 } = options;
  const method = checkChoice(
    options.interpolation ?? "bilinear",
    resizeInterpolations,
    "resize",
    "interpolation",
  );
  checkChoice(options.fillMode ?? "constant", ["constant"], "resize", "fillMode");
  if (!Array.isArray(size) || size.length !== 2 || !size.every((n) => Number.isSafeInteger(n) && n > 0)) {
    throw new ValueError(`resize: expected size to be [height, width]. Received: size=${show(size)}`);
  }
  if (cropToAspectRatio && padToAspectRatio) {
    throw new ValueError("resize: only one of cropToAspectRatio and padToAspectRatio can be true.");
  }
  return onBatch(images, options.dataFormat, "resize", (given) => {
    let x = given;
    const [, height, width] = x.shape as [number, number, number, number];
    // The size that has the new proportions and lies inside, or around.
    const fit = (limit: (a: number, b: number) => number): [number, number] => [
      limit(height, Math.trunc((width * size[0]) / size[1])),
      limit(width, Math.trunc((height * size[1]) / size[0])),
    ];
    if (cropToAspectRatio) {
      const [h, w] = fit((a, b) => Math.max(Math.min(a, b), 1));
      const [top, left] = [Math.trunc((height - h) / 2), Math.trunc((width - w) / 2)];
      x = x.at([], [top, top + h], [left, left + w]);
    } else if (padToAspectRatio) {
      const [h, w] = fit(Math.max);
      const [top, left] = [Math.trunc((h - height) / 2), Math.trunc((w - width) / 2)];
      x = pad(
        x,
        [
          [0, 0],
          [top, top],
          [left, left],
          [0, 0],
        ],
        { constantValues: fillValue },
      );
    }
    const { dtype } = x;
    if (method !== "nearest") x = toPrecise(toFloat(x));
    size.forEach((length, i) => {
      const n = x.shape[i + 1]!;
      if (n === length) return;
      x =
        method === "nearest"
          ? nearest(x, i + 1, length)
          : resample(x, i + 1, length, length / n, 0, kernels[method], antialias);
    });
    return isHalf(dtype) ? x.astype(dtype) : x;
  });
}

/** Options of `scaleAndTranslate`. */
export interface ScaleAndTranslateOptions {
  /** Whether what becomes smaller is smoothed. Default true. */
  readonly antialias?: boolean;
}

/**
 * An array scaled and moved along some axes: what lies at `x` comes to `x · scale + translation`.
 *
 * @param images an array of any number of axes
 * @param outputShape its shape afterwards
 * @param scale, translation one number for each of `spatialDims`
 * @param spatialDims the axes
 * @param method `"linear"`, `"cubic"`, `"lanczos3"`, `"lanczos5"` (`"bilinear"`, `"trilinear"`, `"bicubic"` and
 *   `"tricubic"` are other names)
 * @param options `antialias` (default true)
 * @throws ValueError for an unknown method, ShapeError when numbers of axes differ
 *
 * @example
 * ```ts
 * ops.image.scaleAndTranslate([0, 2], [4], [2], [0], [0], "linear").arraySync(); // → [0, 0.5, 1.5, 2]
 * ```
 */
export function scaleAndTranslate(
  images: TensorLike,
  outputShape: Shape,
  scale: TensorLike,
  translation: TensorLike,
  spatialDims: readonly number[],
  method: ScaleMethod,
  options: ScaleAndTranslateOptions = {},
): Tensor {
  checkOptions("scaleAndTranslate", options, ["antialias"]);
  const kernel =
    kernels[checkChoice(method, Object.keys(kernels) as ScaleMethod[], "scaleAndTranslate", "method")];
  const given = toTensor(images);
  const x = toPrecise(toFloat(given));
  const [scales, moves] = [toTensor(scale, x.dtype), toTensor(translation, x.dtype)];
  const n = spatialDims.length;
  if (outputShape.length !== x.ndim || scales.size !== n || moves.size !== n) {
    throw new ShapeError(
      `scaleAndTranslate: expected ${x.ndim} lengths in outputShape, and as many scales and translations as spatialDims ` +
        `(${n}). Received: ${showShape(outputShape)}, ${showShape(scales.shape)}, ${showShape(moves.shape)}`,
    );
  }
  const out = spatialDims.reduce((y, dim, i) => {
    const axis = normalizeAxis(dim, x.ndim, "scaleAndTranslate");
    return resample(
      y,
      axis,
      outputShape[axis]!,
      scales.at(i),
      moves.at(i),
      kernel,
      options.antialias ?? true,
    );
  }, x);
  return isHalf(given.dtype) ? out.astype(given.dtype) : out;
}
