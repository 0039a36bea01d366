/** keras.ops.image: blurring, edges, similarity. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  isFloat,
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../backend/data_format.ts";
import { checkImages, type ImageOptions, onBatch } from "./image_layout.ts";
import { depthwiseConv } from "./nn_convolutions.ts";
import { moveaxis, stack } from "./numpy_shape.ts";
import { perAxis } from "./window_arguments.ts";

/** A bell curve of `size` numbers whose sum is 1. */
function bell(size: number, sigma: TensorLike): Tensor {
  const x = engine.subtract(engine.iota([size], 0, "float32"), (size - 1) / 2).divide(sigma);
  const curve = engine.exp(x.multiply(x).multiply(-0.5));
  return curve.divide(curve.sum());
}

/** Each channel of a batch convolved with the same rows and columns of numbers. */
function filter(batch: Tensor, kernel: Tensor, padding: "same" | "valid"): Tensor {
  const [rows, columns] = kernel.shape as [number, number];
  const channels = batch.shape[3]!;
  const each = engine.broadcastTo(kernel.astype(batch.dtype).reshape([rows, columns, 1, 1]), [
    rows,
    columns,
    channels,
    1,
  ]);
  return depthwiseConv(batch, each, { padding });
}

/** Options of `gaussianBlur`. */
export interface GaussianBlurOptions {
  /** The width and the height of the window. Default `[3, 3]`. */
  readonly kernelSize?: number | readonly number[];
  /** The deviations along both. Default `[1, 1]`. */
  readonly sigma?: TensorLike;
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/**
 * Images blurred with a bell curve; outside there are zeros.
 *
 * @param images one image or a batch
 * @param options `kernelSize` (default `[3, 3]`), `sigma` (default `[1, 1]`), `dataFormat`
 * @throws ShapeError for what is no image, ValueError for windows that cannot be
 *
 * @example
 * ```ts
 * ops.image.gaussianBlur([[[0], [0.5], [0]]], { kernelSize: [3, 1] }).arraySync(); // → [[[0.137], [0.226], [0.137]]]
 * ```
 */
export function gaussianBlur(images: TensorLike, options: GaussianBlurOptions = {}): Tensor {
  checkOptions("gaussianBlur", options, ["kernelSize", "sigma", "dataFormat"]);
  const [width, height] = perAxis(options.kernelSize ?? 3, 2, "gaussianBlur", "kernelSize") as [
    number,
    number,
  ];
  const given = toTensor(options.sigma ?? [1, 1], "float32");
  const sigma = given.ndim === 0 ? engine.broadcastTo(given.reshape([1]), [2]) : given;
  if (sigma.ndim !== 1 || sigma.shape[0] !== 2) {
    throw new ShapeError(`gaussianBlur: expected one sigma or two. Received shape ${showShape(sigma.shape)}`);
  }
  const rows = bell(height, sigma.at(1)).reshape([height, 1]);
  const kernel = rows.multiply(bell(width, sigma.at(0)).reshape([1, width]));
  return onBatch(images, options.dataFormat, "gaussianBlur", (batch) =>
    filter(isFloat(batch.dtype) ? batch : batch.astype("float32"), kernel, "same").astype(batch.dtype),
  );
}

/**
 * How images change downwards and to the right, by Sobel's filters; outside there are zeros.
 *
 * @param images a batch of images
 * @param options `dataFormat`
 * @returns the shape of the images with an axis behind: the change downwards, then that to the right
 * @throws ShapeError unless there are 4 axes
 *
 * @example
 * ```ts
 * ops.image.sobelEdges([[[[1], [2], [4]]]]).at(0, 0, 1, 0).arraySync(); // → [0, 6]
 * ```
 */
export function sobelEdges(images: TensorLike, options: ImageOptions = {}): Tensor {
  checkOptions("sobelEdges", options, ["dataFormat"]);
  const format = standardizeDataFormat(options.dataFormat, "sobelEdges");
  const t = toTensor(images);
  if (t.ndim !== 4) {
    throw new ShapeError(
      `sobelEdges: expected a batch of images with 4 axes. Received shape ${showShape(t.shape)}`,
    );
  }
  const right = toTensor([
    [-1, 0, 1],
    [-2, 0, 2],
    [-1, 0, 1],
  ]);
  const changes = [right.transpose(), right].map((kernel) =>
    onBatch(t, format, "sobelEdges", (batch) => filter(batch, kernel, "same")),
  );
  return stack(changes, { axis: -1 });
}

/** Options of `ssim`. */
export interface SsimOptions {
  /** The range of values. Default 1. */
  readonly maxVal?: number;
  /** The size of the windows. Default 11. */
  readonly filterSize?: number;
  /** The deviation of the bell curve in them. Default 1.5. */
  readonly filterSigma?: number;
  /** Keeps small denominators away. Default 0.01. */
  readonly k1?: number;
  /** The same. Default 0.03. */
  readonly k2?: number;
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/**
 * The structural similarity of images, 1 where they are the same: means, variances and covariance in windows compared,
 * averaged over the image (Wang et al., 2004).
 *
 * @param image1, image2 one image or a batch, of one shape
 * @param options `maxVal` (default 1), `filterSize` (default 11), `filterSigma` (default 1.5), `k1` (default 0.01), `k2`
 *   (default 0.03), `dataFormat`
 * @returns a number for each image
 * @throws ShapeError for what are no images
 *
 * @example
 * ```ts
 * const image = ops.ones([4, 4, 1]);
 * ops.image.ssim(image, image, { filterSize: 3 }).arraySync(); // → 1
 * ```
 */
export function ssim(image1: TensorLike, image2: TensorLike, options: SsimOptions = {}): Tensor {
  checkOptions("ssim", options, ["maxVal", "filterSize", "filterSigma", "k1", "k2", "dataFormat"]);
  const { maxVal = 1, filterSize = 11, filterSigma = 1.5, k1 = 0.01, k2 = 0.03 } = options;
  const format = standardizeDataFormat(options.dataFormat, "ssim");
  const given = checkImages(image1, "ssim");
  const dtype = isFloat(given.dtype) ? given.dtype : "float32";
  const [x, y] = [given, checkImages(image2, "ssim")].map((t) => {
    const batch = t.ndim === 3 ? t.reshape([1, ...t.shape]) : t;
    return (format === "channels_first" ? moveaxis(batch, 1, -1) : batch).astype(dtype);
  }) as [Tensor, Tensor];
  const curve = bell(filterSize, filterSigma);
  const kernel = curve.reshape([filterSize, 1]).multiply(curve.reshape([1, filterSize]));
  const mean = (t: Tensor): Tensor => filter(t, kernel, "valid");
  const [c1, c2] = [(k1 * maxVal) ** 2, (k2 * maxVal) ** 2];
  const [mx, my] = [mean(x), mean(y)];
  const [mxx, myy, mxy] = [mx.multiply(mx), my.multiply(my), mx.multiply(my)];
  const variances = mean(x.multiply(x))
    .subtract(mxx)
    .add(mean(y.multiply(y)).subtract(myy));
  const covariance = mean(x.multiply(y)).subtract(mxy);
  const numerator = mxy.multiply(2).add(c1).multiply(covariance.multiply(2).add(c2));
  const denominator = mxx.add(myy).add(c1).multiply(variances.add(c2));
  const each = numerator.divide(denominator).mean([1, 2, 3]);
  return (given.ndim === 3 ? each.reshape([]) : each).astype(given.dtype);
}
