/** Pooling of `keras.ops`. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  integerRange,
  isFloat,
  type Tensor,
  type TensorLike,
  tensor,
  toTensor,
} from "../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../backend/data_format.ts";
import { toFloat } from "./convert.ts";
import {
  channelsBack,
  channelsLast,
  checkPadding,
  type Padding,
  type PerAxis,
  perAxis,
  sameSides,
  spaceOf,
  windowsAlong,
} from "./window_arguments.ts";

/** Options of `maxPool` and `averagePool`. */
export interface PoolOptions {
  /** Steps between windows. Default: the size of the windows. */
  readonly strides?: PerAxis | null;
  /** `"valid"` (default) or `"same"`. What lies outside counts nothing. */
  readonly padding?: Padding;
  /** `"channels_last"` (default): inputs `(batch, …space, channels)`; `"channels_first"`: `(batch, channels, …space)`. */
  readonly dataFormat?: DataFormat | null;
}

/** Options of `adaptiveMaxPool` and `adaptiveAveragePool`. */
export interface AdaptivePoolOptions {
  /** Where the channels are. Default `"channels_last"`. */
  readonly dataFormat?: DataFormat | null;
}

const around = (list: readonly number[], edge: number): number[] => [edge, ...list, edge];

/** What a kind of pooling does with inputs whose channels stand last. */
type Pool = (x: Tensor, window: readonly number[], strides: readonly number[], sides: Sides) => Tensor;
type Sides = readonly (readonly [number, number])[];

function pooling(where: string, pool: Pool) {
  return (inputs: TensorLike, poolSize: PerAxis, options: PoolOptions = {}): Tensor => {
    checkOptions(where, options, ["strides", "padding", "dataFormat"]);
    const given = toTensor(inputs);
    const rank = spaceOf(given, where);
    const window = perAxis(poolSize, rank, where, "poolSize");
    const strides = perAxis(options.strides ?? poolSize, rank, where, "strides");
    const padding = checkPadding(options.padding ?? "valid", ["valid", "same"], where);
    const format = standardizeDataFormat(options.dataFormat, where);
    const x = channelsLast(given, format);
    const sides = x.shape.slice(1, -1).map((n, d): readonly [number, number] => {
      windowsAlong(n, window[d]!, strides[d]!, 1, padding, where);
      return padding === "same" ? sameSides(n, window[d]!, strides[d]!, 1) : [0, 0];
    });
    return channelsBack(pool(x, window, strides, sides), format);
  };
}

function reduceWindows(
  kind: "sum" | "max",
  x: Tensor,
  window: readonly number[],
  strides: readonly number[],
  sides: Sides,
  outside: number,
): Tensor {
  const attrs = {
    low: around(
      sides.map(([low]) => low),
      0,
    ),
    high: around(
      sides.map(([, high]) => high),
      0,
    ),
    interior: x.shape.map(() => 0),
  };
  const padded = sides.some(([low, high]) => low > 0 || high > 0) ? engine.pad(x, outside, attrs) : x;
  return engine.reduceWindow(padded, {
    kind,
    window: around(window, 1),
    strides: around(strides, 1),
    dilations: x.shape.map(() => 1),
  });
}

/** A number that none of a dtype is smaller than. */
function lowest(x: Tensor): number {
  return isFloat(x.dtype) ? Number.NEGATIVE_INFINITY : integerRange(x.dtype)[0];
}

/** How many elements of each window lie inside, for one sample with one channel. */
function countsInside(
  x: Tensor,
  window: readonly number[],
  strides: readonly number[],
  sides: Sides,
): Tensor {
  const along = sides.map(([low, high], d) => {
    const n = x.shape[d + 1]!;
    const windows = Math.floor((n + low + high - window[d]!) / strides[d]!) + 1;
    const counts = Array.from({ length: windows }, (_, i) => {
      const first = i * strides[d]! - low;
      return Math.min(n, first + window[d]!) - Math.max(0, first);
    });
    const shape = x.shape.map((_, axis) => (axis === d + 1 ? windows : 1));
    return tensor(counts, { dtype: x.dtype, shape });
  });
  return along.reduce((a, b) => a.multiply(b));
}

/**
 * The largest element of each window, for each channel.
 *
 * @param inputs `(batch, …space, channels)` with one to three axes of space
 * @param poolSize the size of the windows
 * @param options `strides` (default: the size of the windows), `padding` (default `"valid"`), `dataFormat`
 * @returns `(batch, …windows, channels)`
 * @throws ShapeError when windows do not fit; ValueError for other options
 *
 * @example
 * ```ts
 * keras.ops.maxPool([[[1], [3], [2], [0]]], 2).arraySync(); // → [[[3], [2]]]
 * ```
 */
export const maxPool: (inputs: TensorLike, poolSize: PerAxis, options?: PoolOptions) => Tensor =
  /* @__PURE__ */ pooling("maxPool", (x, window, strides, sides) =>
    reduceWindows("max", x, window, strides, sides, lowest(x)),
  );

/**
 * The mean of each window, for each channel. With `"same"` only what lies inside counts.
 *
 * @param inputs `(batch, …space, channels)` with one to three axes of space
 * @param poolSize the size of the windows
 * @param options as for {@link maxPool}
 * @returns `(batch, …windows, channels)`
 *
 * @example
 * ```ts
 * keras.ops.averagePool([[[1], [3], [2], [0]]], 2).arraySync(); // → [[[2], [1]]]
 * ```
 */
export const averagePool: (inputs: TensorLike, poolSize: PerAxis, options?: PoolOptions) => Tensor =
  /* @__PURE__ */ pooling("averagePool", (given, window, strides, sides) => {
    const x = toFloat(given);
    const sums = reduceWindows("sum", x, window, strides, sides, 0);
    const whole = sides.every(([low, high]) => low === 0 && high === 0);
    return sums.divide(whole ? window.reduce((n, k) => n * k, 1) : countsInside(x, window, strides, sides));
  });

/** Where the windows begin and end that share an axis of length n among so many. */
function shares(n: number, count: number): { begin: number; end: number }[] {
  return Array.from({ length: count }, (_, i) => ({
    begin: Math.floor((i * n) / count),
    end: Math.ceil(((i + 1) * n) / count),
  }));
}

/** Pools one axis to a length. */
type AxisPool = (x: Tensor, axis: number, count: number) => Tensor;

function adaptive(where: string, whole: typeof maxPool, along: AxisPool) {
  return (inputs: TensorLike, outputSize: PerAxis, options: AdaptivePoolOptions = {}): Tensor => {
    checkOptions(where, options, ["dataFormat"]);
    const given = toTensor(inputs);
    const rank = spaceOf(given, where);
    const size = perAxis(outputSize, rank, where, "outputSize");
    const format = standardizeDataFormat(options.dataFormat, where);
    const x = channelsLast(given, format);
    const space = x.shape.slice(1, -1);
    const even = space.every((n, d) => n >= size[d]! && Number.isInteger(n / size[d]!));
    const out = even
      ? whole(
          x,
          space.map((n, d) => n / size[d]!),
        )
      : size.reduce((y, count, d) => (space[d] === count ? y : along(y, d + 1, count)), x);
    return channelsBack(out, format);
  };
}

/** For each window of an axis, its elements on an axis of their own; short ones repeat their last. */
function takeWindows(x: Tensor, axis: number, windows: readonly { begin: number; end: number }[]): Tensor {
  const longest = Math.max(...windows.map((w) => w.end - w.begin));
  const places = windows.flatMap((w) =>
    Array.from({ length: longest }, (_, i) => Math.min(w.begin + i, w.end - 1)),
  );
  const indices = tensor(Int32Array.from(places), { shape: [windows.length, longest] });
  return engine.take(x, indices, axis);
}

/**
 * The largest element of each of so many windows, which share each axis evenly; they may overlap by one element.
 *
 * @param inputs `(batch, …space, channels)` with one to three axes of space
 * @param outputSize the number of windows along each axis
 * @param options `dataFormat` (default `"channels_last"`)
 * @returns `(batch, …outputSize, channels)`
 *
 * @example
 * ```ts
 * keras.ops.adaptiveMaxPool([[[1], [3], [2]]], 2).arraySync(); // → [[[3], [3]]]
 * ```
 */
export const adaptiveMaxPool: (
  inputs: TensorLike,
  outputSize: PerAxis,
  options?: AdaptivePoolOptions,
) => Tensor = /* @__PURE__ */ adaptive("adaptiveMaxPool", maxPool, (x, axis, count) =>
  takeWindows(x, axis, shares(x.shape[axis]!, count)).max(axis + 1),
);

/**
 * The mean of each of so many windows, which share each axis evenly; they may overlap by one element.
 *
 * @param inputs `(batch, …space, channels)` with one to three axes of space
 * @param outputSize the number of windows along each axis
 * @param options `dataFormat` (default `"channels_last"`)
 * @returns `(batch, …outputSize, channels)`
 *
 * @example
 * ```ts
 * keras.ops.adaptiveAveragePool([[[1], [3], [2]]], 2).arraySync(); // → [[[2], [2.5]]]
 * ```
 */
export const adaptiveAveragePool: (
  inputs: TensorLike,
  outputSize: PerAxis,
  options?: AdaptivePoolOptions,
) => Tensor = /* @__PURE__ */ adaptive("adaptiveAveragePool", averagePool, (given, axis, count) => {
  const x = toFloat(given);
  const n = x.shape[axis]!;
  const weights = new Float64Array(n * count);
  shares(n, count).forEach(({ begin, end }, i) => {
    for (let j = begin; j < end; j++) weights[j * count + i] = 1 / (end - begin);
  });
  const order = x.shape.map((_, d) => d).filter((d) => d !== axis);
  const out = engine.dotGeneral(x, tensor(weights, { dtype: x.dtype, shape: [n, count] }), {
    lhsBatch: [],
    rhsBatch: [],
    lhsContracting: [axis],
    rhsContracting: [0],
  });
  return out.transpose([...order.slice(0, axis), x.ndim - 1, ...order.slice(axis).map((d) => d - 1)]);
});
