/** keras.ops.image: values between pixels, and images bent and turned. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  isFloat,
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import type { DataFormat } from "../backend/data_format.ts";
import { normal } from "../random/random.ts";
import type { Seed, SeedGenerator } from "../random/seed_generator.ts";
import { checkChoice } from "../utils/argument_validation.ts";
import { gaussianBlur } from "./image_filters.ts";
import { checkImages, imageSizes, onBatch } from "./image_layout.ts";
import { floorDivide, mod } from "./numpy_rounding.ts";
import { stack } from "./numpy_shape.ts";

/** What stands outside of an image. */
export type FillMode = "constant" | "nearest" | "wrap" | "mirror" | "reflect";

/** The names of all kinds of filling. */
export const fillModes: readonly FillMode[] = ["constant", "nearest", "wrap", "mirror", "reflect"];

/** How values between pixels come about. */
export type SampleInterpolation = "nearest" | "bilinear";

/** The names of these. */
export const sampleInterpolations: readonly SampleInterpolation[] = ["nearest", "bilinear"];

/** Options of `mapCoordinates`. */
export interface MapCoordinatesOptions {
  /** What stands outside: `fillValue` (`"constant"`, the default), the border, or the array repeated or mirrored. */
  readonly fillMode?: FillMode;
  /** The value outside of the image, for `fillMode` `"constant"`. Default 0. */
  readonly fillValue?: number;
}

/** Options of `affineTransform`. */
export interface AffineTransformOptions extends MapCoordinatesOptions {
  /** How pixels between pixels are found. Default `"bilinear"`. */
  readonly interpolation?: SampleInterpolation;
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/** Mirrored at the middle of the first and last element. */
function mirrored(index: Tensor, size: number): Tensor {
  if (size === 1) return index.multiply(0);
  return engine.abs(engine.subtract(mod(index.add(size - 1), 2 * (size - 1)), size - 1));
}

/** Where an index outside points to. */
const indexFixers: { readonly [Mode in FillMode]: (index: Tensor, size: number) => Tensor } = {
  constant: (index, size) => engine.minimum(engine.maximum(index, 0), size - 1),
  nearest: (index, size) => engine.minimum(engine.maximum(index, 0), size - 1),
  wrap: (index, size) => mod(index, size),
  mirror: mirrored,
  reflect: (index, size) => floorDivide(mirrored(index.multiply(2).add(1), 2 * size + 1).subtract(1), 2),
};

/** Rounded, halves away from zero. */
function roundAway(x: Tensor): Tensor {
  return engine.multiply(engine.sign(x), engine.floor(engine.abs(x).add(0.5)));
}

/**
 * Values at coordinates.
 *
 * @param coordinates one tensor for each axis, all of one shape
 * @param sizes the lengths of the axes
 * @param lookup the elements at indices, which lie inside; its result has the shape of the coordinates, or that with
 *   further axes behind
 */
function sample(
  coordinates: readonly Tensor[],
  sizes: readonly number[],
  order: 0 | 1,
  fillMode: FillMode,
  fillValue: number,
  lookup: (indices: readonly Tensor[]) => Tensor,
): Tensor {
  interface Neighbour {
    readonly index: Tensor;
    readonly valid: Tensor | undefined;
    readonly weight: Tensor | undefined;
  }
  const alongAxes = coordinates.map((at, axis): Neighbour[] => {
    const size = sizes[axis]!;
    const neighbour = (place: Tensor, weight: Tensor | undefined): Neighbour => {
      const index = place.astype("int32");
      const inside = engine.bitwiseAnd(engine.greaterEqual(index, 0), engine.less(index, size));
      const valid = fillMode === "constant" ? inside : undefined;
      return { index: indexFixers[fillMode](index, size), valid, weight };
    };
    if (order === 0) return [neighbour(roundAway(at), undefined)];
    const lower = engine.floor(at);
    const above = at.subtract(lower);
    return [neighbour(lower, engine.subtract(1, above)), neighbour(lower.add(1), above)];
  });
  const corners = alongAxes.reduce<readonly (readonly Neighbour[])[]>(
    (all, along) => all.flatMap((corner) => along.map((n) => [...corner, n])),
    [[]],
  );
  const terms = corners.map((corner) => {
    let value = lookup(corner.map((n) => n.index));
    const extra = new Array<number>(value.ndim - coordinates[0]!.ndim).fill(1);
    const fit = (t: Tensor): Tensor => (extra.length === 0 ? t : t.reshape([...t.shape, ...extra]));
    const valid = corner.map((n) => n.valid).filter((v) => v !== undefined);
    if (valid.length > 0) {
      const all = fit(valid.reduce((a, b) => engine.bitwiseAnd(a, b)));
      value = engine.where(engine.broadcastTo(all, value.shape), value, fillValue);
    }
    const weights = corner.map((n) => n.weight).filter((w) => w !== undefined);
    return weights.length === 0
      ? value
      : engine.multiply(fit(weights.reduce((a, b) => engine.multiply(a, b))), value);
  });
  return terms.reduce((a, b) => engine.add(a, b));
}

/**
 * The values of an array at coordinates between its elements.
 *
 * @param inputs an array of n axes
 * @param coordinates of shape (n, …): where along each axis
 * @param order 0 for the nearest element, 1 for linear interpolation
 * @param options `fillMode` (default `"constant"`), `fillValue` (default 0)
 * @throws ShapeError when the coordinates do not fit the axes, ValueError for options that cannot be
 *
 * @example
 * ```ts
 * ops.image.mapCoordinates([0.5, 10, 20], [[0.5, 1.25]], 1).arraySync(); // → [5.25, 12.5]
 * ```
 */
export function mapCoordinates(
  inputs: TensorLike,
  coordinates: TensorLike,
  order: 0 | 1,
  options: MapCoordinatesOptions = {},
): Tensor {
  checkOptions("mapCoordinates", options, ["fillMode", "fillValue"]);
  const x = toTensor(inputs);
  const given = toTensor(coordinates);
  const mode = checkChoice(options.fillMode ?? "constant", fillModes, "mapCoordinates", "fillMode");
  if (order !== 0 && order !== 1) {
    throw new ValueError(`mapCoordinates: expected order to be 0 or 1. Received: order=${String(order)}`);
  }
  if (given.ndim < 2 || given.shape[0] !== x.ndim) {
    throw new ShapeError(
      `mapCoordinates: expected coordinates of shape (${x.ndim}, …). Received shape ${showShape(given.shape)}`,
    );
  }
  const at = isFloat(given.dtype) ? given : given.astype("float32");
  const flat = x.flatten();
  const strides = engine.stridesOf(x.shape);
  const result = sample(
    x.shape.map((_, axis) => at.at(axis)),
    x.shape,
    order,
    mode,
    options.fillValue ?? 0,
    (indices) =>
      engine.take(
        flat,
        indices.map((index, axis) => index.multiply(strides[axis]!)).reduce((a, b) => a.add(b)),
        0,
      ),
  );
  return isFloat(x.dtype) || !isFloat(result.dtype) ? result : roundAway(result).astype(x.dtype);
}

/** The pixels of a batch, channels last, at rows and columns of shape (batch, height, width). */
function sampleImages(
  batch: Tensor,
  rows: Tensor,
  columns: Tensor,
  order: 0 | 1,
  fillMode: FillMode,
  fillValue: number,
): Tensor {
  const [samples, height, width, channels] = batch.shape as [number, number, number, number];
  const pixels = batch.reshape([samples, height * width, channels]);
  return sample([rows, columns], [height, width], order, fillMode, fillValue, ([row, column]) => {
    const flat = row!.multiply(width).add(column!);
    return engine
      .gather(pixels, flat.reshape([samples, flat.size / samples, 1]), {
        offsetDims: [2],
        collapsedSliceDims: [1],
        operandBatchingDims: [0],
        indicesBatchingDims: [0],
        startIndexMap: [1],
        sliceSizes: [1, 1, channels],
      })
      .reshape([...flat.shape, channels]);
  });
}

/** The options that sampling takes, checked. */
function sampling(
  where: string,
  options: AffineTransformOptions,
): { readonly order: 0 | 1; readonly fillMode: FillMode; readonly fillValue: number } {
  const interpolation = checkChoice(
    options.interpolation ?? "bilinear",
    sampleInterpolations,
    where,
    "interpolation",
  );
  return {
    order: interpolation === "nearest" ? 0 : 1,
    fillMode: checkChoice(options.fillMode ?? "constant", fillModes, where, "fillMode"),
    fillValue: options.fillValue ?? 0,
  };
}

/** The rows and columns of pixels: two tensors of shape (1, height, width). */
function grid(height: number, width: number): readonly [Tensor, Tensor] {
  const shape = [1, height, width];
  return [engine.iota(shape, 1, "float32"), engine.iota(shape, 2, "float32")];
}

/** One number for each sample, to multiply with a grid. */
function perSample(numbers: Tensor, i: number): Tensor {
  return numbers.at([], [i, i + 1]).reshape([numbers.shape[0]!, 1, 1]);
}

/** Images in a float dtype, and their results back in their own. */
function inFloat(batch: Tensor, fn: (x: Tensor) => Tensor): Tensor {
  if (isFloat(batch.dtype)) return fn(batch).astype(batch.dtype);
  return roundAway(fn(batch.astype("float32"))).astype(batch.dtype);
}

/**
 * Images under an affine map: the pixel at (x, y) of the output is that at `(a0 x + a1 y + a2, b0 x + b1 y + b2)` of the
 * input.
 *
 * @param images one image or a batch
 * @param transform `[a0, a1, a2, b0, b1, b2, 0, 0]`, or one such row for each image
 * @param options `interpolation` (default `"bilinear"`), `fillMode` (default `"constant"`), `fillValue` (default 0),
 *   `dataFormat`
 * @throws ShapeError for what is no image or transform, ValueError for options that cannot be
 *
 * @example
 * ```ts
 * // Moved to the left by one pixel.
 * ops.image.affineTransform([[[1], [2], [3]]], [1, 0, 1, 0, 1, 0, 0, 0]).arraySync(); // → [[[2], [3], [0]]]
 * ```
 */
export function affineTransform(
  images: TensorLike,
  transform: TensorLike,
  options: AffineTransformOptions = {},
): Tensor {
  checkOptions("affineTransform", options, ["interpolation", "fillMode", "fillValue", "dataFormat"]);
  const { order, fillMode, fillValue } = sampling("affineTransform", options);
  const given = toTensor(transform, "float32");
  if (given.ndim < 1 || given.ndim > 2 || given.shape.at(-1) !== 8) {
    throw new ShapeError(
      `affineTransform: expected a transform of 8 numbers, or one for each image. Received shape ${showShape(given.shape)}`,
    );
  }
  const rows = given.ndim === 1 ? given.reshape([1, 8]) : given;
  return onBatch(images, options.dataFormat, "affineTransform", (batch) =>
    inFloat(batch, (x) => {
      const [samples, height, width] = x.shape as [number, number, number];
      const t = engine.broadcastTo(rows, [samples, 8]);
      const [row, column] = grid(height, width);
      const at = (i: number): Tensor =>
        perSample(t, i)
          .multiply(column)
          .add(perSample(t, i + 1).multiply(row))
          .add(perSample(t, i + 2));
      return sampleImages(x, at(3), at(0), order, fillMode, fillValue);
    }),
  );
}

/** Matrices as rows of tensors, one number for each sample. */
type Matrix = readonly (readonly Tensor[])[];

const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.map((v, k) => v.multiply(b[k]![j]!)).reduce((p, q) => p.add(q))));

/** The inverse times the determinant. */
function adjugate(m: Matrix): Matrix {
  const at = (i: number, j: number): Tensor => m[i % 3]![j % 3]!;
  return [0, 1, 2].map((i) =>
    [0, 1, 2].map((j) =>
      at(j + 1, i + 1)
        .multiply(at(j + 2, i + 2))
        .subtract(at(j + 1, i + 2).multiply(at(j + 2, i + 1))),
    ),
  );
}

/** The matrix that takes the unit vectors and their sum, as points of a projective plane, to four points. */
function basisTo(points: Tensor): Matrix {
  const point = (i: number): Tensor[] => [
    points.at([], i, 0),
    points.at([], i, 1),
    engine.full([points.shape[0]!], 1, points.dtype),
  ];
  const corners = [point(0), point(1), point(2)];
  const columns = [0, 1, 2].map((i) => corners.map((p) => p[i]!));
  const shares = product(
    adjugate(columns),
    point(3).map((v) => [v]),
  ).map((row) => row[0]!);
  return columns.map((row) => row.map((v, j) => v.multiply(shares[j]!)));
}

/**
 * The perspective map that takes four points to four others, as rows of a matrix.
 *
 * @param from, to shape (batch, 4, 2), each `[x, y]`
 */
export function perspectiveMatrix(from: Tensor, to: Tensor): readonly (readonly Tensor[])[] {
  return product(basisTo(to), adjugate(basisTo(from)));
}

/** Options of `perspectiveTransform`. */
export interface PerspectiveTransformOptions {
  /** How pixels between pixels are found. Default `"bilinear"`. */
  readonly interpolation?: SampleInterpolation;
  /** The value of pixels from outside. Default 0. */
  readonly fillValue?: number;
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/**
 * Images under the perspective map that takes four points to four others.
 *
 * @param images one image or a batch
 * @param startPoints the corners of a quadrangle in the input: shape (4, 2) or (batch, 4, 2), each `[x, y]`
 * @param endPoints where they are in the output
 * @param options `interpolation` (default `"bilinear"`), `fillValue` (default 0), `dataFormat`
 * @throws ShapeError for what is no image or no four points
 *
 * @example
 * ```ts
 * const corners = [[0, 0], [1, 0], [0, 1], [1, 1]];
 * ops.image.perspectiveTransform([[[1], [2]], [[3], [4]]], corners, corners).shape; // → [2, 2, 1]
 * ```
 */
export function perspectiveTransform(
  images: TensorLike,
  startPoints: TensorLike,
  endPoints: TensorLike,
  options: PerspectiveTransformOptions = {},
): Tensor {
  const where = "perspectiveTransform";
  checkOptions(where, options, ["interpolation", "fillValue", "dataFormat"]);
  const { order, fillValue } = sampling(where, options);
  const [start, end] = [startPoints, endPoints].map((given) => {
    const points = toTensor(given, "float32");
    if ((points.ndim === 2 || points.ndim === 3) && points.shape.at(-1) === 2 && points.shape.at(-2) === 4) {
      return points.ndim === 2 ? points.reshape([1, 4, 2]) : points;
    }
    throw new ShapeError(
      `${where}: expected points of shape (4, 2), or (batch, 4, 2). Received shape ${showShape(points.shape)}`,
    );
  }) as [Tensor, Tensor];
  return onBatch(images, options.dataFormat, where, (batch) =>
    inFloat(batch, (x) => {
      const [samples, height, width] = x.shape as [number, number, number];
      const map = perspectiveMatrix(end, start);
      const flat = stack(
        map.flatMap((row) => row.map((v) => v.divide(map[2]![2]!))),
        { axis: 1 },
      );
      const t = engine.broadcastTo(flat, [samples, 9]);
      const [row, column] = grid(height, width);
      const at = (i: number): Tensor =>
        perSample(t, i)
          .multiply(column)
          .add(perSample(t, i + 1).multiply(row))
          .add(perSample(t, i + 2));
      const depth = at(6);
      return sampleImages(x, at(3).divide(depth), at(0).divide(depth), order, "constant", fillValue);
    }),
  );
}

/** Options of `elasticTransform`. */
export interface ElasticTransformOptions {
  /** How strongly pixels are moved. Default 20. */
  readonly alpha?: number;
  /** How smoothly. Default 5. */
  readonly sigma?: number;
  /** How pixels between pixels are found. Default `"bilinear"`. */
  readonly interpolation?: SampleInterpolation;
  /** How the image goes on outside. Default `"reflect"`. */
  readonly fillMode?: FillMode;
  /** The value outside of the image, for `fillMode` `"constant"`. Default 0. */
  readonly fillValue?: number;
  /** Determines the distortion. Default: determined by `utils.setRandomSeed`. */
  readonly seed?: number | SeedGenerator | null;
  /** `"channels_last"` (default) or `"channels_first"`. */
  readonly dataFormat?: DataFormat | null;
}

/**
 * How far pixels are moved by an elastic transformation along one direction: noise, blurred, of shape (batch, height, width).
 *
 * @param window the size of the window of the blur, an odd number
 */
export function elasticField(
  shape: readonly [batch: number, height: number, width: number],
  alpha: TensorLike,
  sigma: TensorLike,
  window: number,
  seed: Seed,
): Tensor {
  const deviation = toTensor(sigma, "float32");
  const noise = normal([...shape, 1], { seed, dtype: "float32" }).multiply(deviation);
  const smooth = gaussianBlur(noise, { kernelSize: [window, window], sigma: deviation });
  return smooth.reshape(shape).multiply(alpha);
}

/** The window of the blur of an elastic transformation. */
export function elasticWindow(sigma: number): number {
  return Math.trunc(6 * sigma) | 1;
}

/** Images whose pixels come from elsewhere: as far to the right and down as two tensors of (batch, height, width) say. */
export function displace(
  images: TensorLike,
  right: Tensor,
  down: Tensor,
  options: AffineTransformOptions = {},
): Tensor {
  const { order, fillMode, fillValue } = sampling("displace", options);
  return onBatch(images, options.dataFormat, "displace", (batch) =>
    inFloat(batch, (x) => {
      const [row, column] = grid(x.shape[1]!, x.shape[2]!);
      return sampleImages(x, row.add(down), column.add(right), order, fillMode, fillValue);
    }),
  );
}

/**
 * Images whose pixels are moved at random, neighbours in a similar way.
 *
 * @param images one image or a batch
 * @param options `alpha` (default 20), `sigma` (default 5), `interpolation` (default `"bilinear"`), `fillMode` (default
 *   `"reflect"`), `fillValue` (default 0), `seed`, `dataFormat`
 * @throws ShapeError for what is no image, ValueError for options that cannot be
 *
 * @example
 * ```ts
 * ops.image.elasticTransform([[[1], [2]]], { alpha: 0, seed: 1 }).arraySync(); // → [[[1], [2]]]
 * ```
 */
export function elasticTransform(images: TensorLike, options: ElasticTransformOptions = {}): Tensor {
  checkOptions("elasticTransform", options, [
    ...["alpha", "sigma", "interpolation", "fillMode", "fillValue", "seed", "dataFormat"],
  ]);
  const { alpha = 20, sigma = 5, seed = null } = options;
  const { interpolation = "bilinear", fillMode = "reflect", fillValue = 0, dataFormat = null } = options;
  const t = checkImages(images, "elasticTransform");
  const { batch, height, width } = imageSizes(t, dataFormat, "elasticTransform");
  const [right, down] = [0, 1].map(() =>
    elasticField([batch, height, width], alpha, sigma, elasticWindow(sigma), seed),
  ) as [Tensor, Tensor];
  return displace(t, right, down, { interpolation, fillMode, fillValue, dataFormat });
}
