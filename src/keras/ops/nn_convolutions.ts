/** Convolutions of `keras.ops`. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  ShapeError,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
} from "../../engine/index.ts";
import { type DataFormat, standardizeDataFormat } from "../backend/data_format.ts";
import {
  channelsBack,
  channelsLast,
  checkPadding,
  type Padding,
  type PerAxis,
  perAxis,
  sameSides,
  spaceOf,
  transposedSides,
  windowsAlong,
} from "./window_arguments.ts";

/** Options of `conv`, `depthwiseConv` and `separableConv`. */
export interface ConvOptions {
  /** Steps between windows. Default 1. */
  readonly strides?: PerAxis;
  /**
   * `"valid"`: windows lie in the input; `"same"`: zeros around it, so that there are as many windows as `input /
   * strides`. Default `"valid"`.
   */
  readonly padding?: Padding;
  /** `"channels_last"` (default): inputs `(batch, …space, channels)`; `"channels_first"`: `(batch, channels, …space)`. */
  readonly dataFormat?: DataFormat | null;
  /** Steps between the elements of a window. Default 1. */
  readonly dilationRate?: PerAxis;
}

/** Options of `convTranspose`. */
export interface ConvTransposeOptions extends ConvOptions {
  /** Elements more at the end of each axis. Default none: as many as make the size `n·stride` (for `"same"`). */
  readonly outputPadding?: PerAxis | null;
}

const names: readonly (keyof ConvOptions)[] = ["strides", "padding", "dataFormat", "dilationRate"];

/** Options with a number for each axis of space. */
interface Settings {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly padding: Padding;
  readonly format: DataFormat;
}

function settingsOf(where: string, rank: number, options: ConvOptions): Settings {
  return {
    strides: perAxis(options.strides ?? 1, rank, where, "strides"),
    dilations: perAxis(options.dilationRate ?? 1, rank, where, "dilationRate"),
    padding: checkPadding(options.padding ?? "valid", ["valid", "same"], where),
    format: standardizeDataFormat(options.dataFormat, where),
  };
}

function checkKernel(where: string, x: Tensor, kernel: Tensor): void {
  if (kernel.ndim === x.ndim) return;
  throw new ShapeError(
    `${where}: expected a kernel with ${x.ndim} axes for inputs of shape ${showShape(x.shape)}. ` +
      `Received a kernel of shape ${showShape(kernel.shape)}`,
  );
}

/** Zeros around the axes of space and between their elements. */
function surround(
  x: Tensor,
  sides: readonly (readonly [number, number])[],
  between: readonly number[] = [],
): Tensor {
  const around = (list: readonly number[]): number[] => [0, ...list, 0];
  const attrs = {
    low: around(sides.map(([low]) => low)),
    high: around(sides.map(([, high]) => high)),
    interior: around(sides.map((_, d) => between[d] ?? 0)),
  };
  return Object.values(attrs).every((list) => list.every((n) => n === 0)) ? x : engine.pad(x, 0, attrs);
}

/** A convolution whose groups are already known; channels stand last. */
function convolve(where: string, x: Tensor, kernel: Tensor, groups: number, s: Settings): Tensor {
  const window = kernel.shape.slice(0, -2);
  const space = x.shape.slice(1, -1);
  const sides = space.map((n, d) => {
    windowsAlong(n, window[d]!, s.strides[d]!, s.dilations[d]!, s.padding, where);
    return s.padding === "same"
      ? sameSides(n, window[d]!, s.strides[d]!, s.dilations[d]!)
      : ([0, 0] as const);
  });
  return engine.convolution(surround(x, sides), kernel, {
    strides: s.strides,
    dilations: s.dilations,
    groups,
  });
}

/**
 * A convolution: each window of the inputs, element by element times the kernel, summed up.
 *
 * @param inputs `(batch, …space, channels)` with one to three axes of space
 * @param kernel `(…window, channels / groups, filters)`; with fewer channels than the inputs have, these and the filters
 *   are cut into groups
 * @param options `strides` (default 1), `padding` (default `"valid"`), `dataFormat` (default `"channels_last"`),
 *   `dilationRate` (default 1)
 * @returns `(batch, …windows, filters)`
 * @throws ShapeError when shapes do not fit together; ValueError for other options
 *
 * @example
 * ```ts
 * const x = [[[1], [2], [3], [4]]];
 * keras.ops.conv(x, [[[1]], [[10]]]).arraySync(); // → [[[21], [32], [43]]]
 * ```
 */
export function conv(inputs: TensorLike, kernel: TensorLike, options: ConvOptions = {}): Tensor {
  checkOptions("conv", options, names);
  const [given, k] = [toTensor(inputs), toTensor(kernel)];
  const rank = spaceOf(given, "conv");
  checkKernel("conv", given, k);
  const settings = settingsOf("conv", rank, options);
  const x = channelsLast(given, settings.format);
  const [channels, own, filters] = [x.shape.at(-1)!, k.shape.at(-2)!, k.shape.at(-1)!];
  const groups = channels / own;
  if (!Number.isInteger(groups) || filters % groups !== 0) {
    throw new ShapeError(
      `conv: a kernel of shape ${showShape(k.shape)} does not suit inputs of ${channels} channels: ` +
        "their number must be a multiple of the kernel's, and that of the filters one of the quotient.",
    );
  }
  return channelsBack(convolve("conv", x, k, groups, settings), settings.format);
}

/**
 * A convolution of each channel by itself.
 *
 * @param inputs `(batch, …space, channels)` with one to three axes of space
 * @param kernel `(…window, channels, multiplier)`
 * @param options as for {@link conv}
 * @returns `(batch, …windows, channels · multiplier)`
 * @throws ShapeError when shapes do not fit together
 *
 * @example
 * ```ts
 * const x = [[[1, 10], [2, 20], [3, 30]]];
 * keras.ops.depthwiseConv(x, [[[1], [1]], [[1], [-1]]]).arraySync(); // → [[[3, -10], [5, -10]]]
 * ```
 */
export function depthwiseConv(inputs: TensorLike, kernel: TensorLike, options: ConvOptions = {}): Tensor {
  checkOptions("depthwiseConv", options, names);
  const [given, k] = [toTensor(inputs), toTensor(kernel)];
  const rank = spaceOf(given, "depthwiseConv");
  checkKernel("depthwiseConv", given, k);
  const settings = settingsOf("depthwiseConv", rank, options);
  const x = channelsLast(given, settings.format);
  const channels = x.shape.at(-1)!;
  if (k.shape.at(-2) !== channels) {
    throw new ShapeError(
      `depthwiseConv: expected a kernel (…window, ${channels}, multiplier) for inputs of ${channels} channels. ` +
        `Received a kernel of shape ${showShape(k.shape)}`,
    );
  }
  const flat = k.reshape(...k.shape.slice(0, -2), 1, channels * k.shape.at(-1)!);
  return channelsBack(convolve("depthwiseConv", x, flat, channels, settings), settings.format);
}

/**
 * A depthwise convolution, then one with windows of one element that mixes the channels.
 *
 * @param inputs `(batch, …space, channels)` with one to three axes of space
 * @param depthwiseKernel `(…window, channels, multiplier)`
 * @param pointwiseKernel `(1, …, channels · multiplier, filters)`
 * @param options as for {@link conv}
 * @returns `(batch, …windows, filters)`
 *
 * @example
 * ```ts
 * const x = [[[1, 10], [2, 20]]];
 * keras.ops.separableConv(x, [[[1], [1]], [[1], [1]]], [[[1], [2]]]).arraySync(); // → [[[63]]]
 * ```
 */
export function separableConv(
  inputs: TensorLike,
  depthwiseKernel: TensorLike,
  pointwiseKernel: TensorLike,
  options: ConvOptions = {},
): Tensor {
  checkOptions("separableConv", options, names);
  const { dataFormat = null } = options;
  return conv(depthwiseConv(inputs, depthwiseKernel, options), pointwiseKernel, { dataFormat });
}

/**
 * A transposed convolution: what the gradient of a convolution does to its cotangent.
 *
 * @param inputs `(batch, …space, channels)` with one to three axes of space
 * @param kernel `(…window, filters, channels)`
 * @param options as for {@link conv}; `outputPadding`: elements more at the end of each axis
 * @returns `(batch, …larger space, filters)`: with `"same"` as many times larger as the strides say
 * @throws ShapeError when shapes do not fit together
 *
 * @example
 * ```ts
 * const x = [[[1], [2]]];
 * keras.ops.convTranspose(x, [[[1]], [[10]]], { strides: 2 }).arraySync(); // → [[[1], [10], [2], [20]]]
 * ```
 */
export function convTranspose(
  inputs: TensorLike,
  kernel: TensorLike,
  options: ConvTransposeOptions = {},
): Tensor {
  const where = "convTranspose";
  checkOptions(where, options, [...names, "outputPadding"]);
  const [given, k] = [toTensor(inputs), toTensor(kernel)];
  const rank = spaceOf(given, where);
  checkKernel(where, given, k);
  const { strides, dilations, padding, format } = settingsOf(where, rank, options);
  const { outputPadding = null } = options;
  const more = outputPadding === null ? null : perAxis(outputPadding, rank, where, "outputPadding", 0);
  const x = channelsLast(given, format);
  if (k.shape.at(-1) !== x.shape.at(-1)) {
    throw new ShapeError(
      `${where}: expected a kernel (…window, filters, ${x.shape.at(-1)}) for inputs of ${x.shape.at(-1)} channels. ` +
        `Received a kernel of shape ${showShape(k.shape)}`,
    );
  }
  const sides = strides.map((s, d) =>
    transposedSides(k.shape[d]!, s, dilations[d]!, padding, more?.[d] ?? null),
  );
  const apart = surround(
    x,
    sides,
    strides.map((s) => s - 1),
  );
  const axes = strides.map((_, d) => d);
  const turned = engine.reverse(k, axes).transpose([...axes, rank + 1, rank]);
  const out = engine.convolution(apart, turned, { strides: strides.map(() => 1), dilations, groups: 1 });
  return channelsBack(out, format);
}
