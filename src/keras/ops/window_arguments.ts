/** What convolutions and pooling share: lengths for each axis, padding, and where the channels stand. */
import { didYouMean, ShapeError, show, showShape, type Tensor, ValueError } from "../../engine/index.ts";
import type { DataFormat } from "../backend/data_format.ts";

/** One number for all axes of space, or one for each. */
export type PerAxis = number | readonly number[];

/** `"valid"`: windows lie inside; `"same"`: zeros around, evenly, so that with stride 1 the size stays. */
export type Padding = "valid" | "same";

/**
 * A number for each of `rank` axes.
 *
 * @throws ValueError unless all are whole numbers from `least` (default 1) on
 */
export function perAxis(
  value: PerAxis,
  rank: number,
  where: string,
  name: string,
  least = 1,
): readonly number[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : new Array<unknown>(rank).fill(value);
  if (list.length === rank && list.every((n) => Number.isSafeInteger(n) && (n as number) >= least))
    return list as readonly number[];
  throw new ValueError(
    `${where}: expected ${name} to be a whole number from ${least} on, or ${rank} of them. Received: ${name}=${show(value)}`,
  );
}

/**
 * Checks a kind of padding.
 *
 * @param allowed such as `["valid", "same"]`
 * @throws ValueError for others
 */
export function checkPadding<P extends string>(value: unknown, allowed: readonly P[], where: string): P {
  const name = typeof value === "string" ? value.toLowerCase() : value;
  if ((allowed as readonly unknown[]).includes(name)) return name as P;
  const list = allowed.map((a) => `"${a}"`).join(" or ");
  throw new ValueError(
    `${where}: expected padding to be ${list}. Received: padding=${show(value)}.${didYouMean(String(value), allowed)}`,
  );
}

/**
 * How many axes of space an array of samples with channels has.
 *
 * @throws ShapeError unless there are one to three
 */
export function spaceOf(x: Tensor, where: string): number {
  const rank = x.ndim - 2;
  if (rank >= 1 && rank <= 3) return rank;
  throw new ShapeError(
    `${where}: expected inputs with 3, 4 or 5 axes (samples, 1 to 3 axes of space, channels). ` +
      `Received shape ${showShape(x.shape)}`,
  );
}

/** An array with its channels moved to the end. */
export function channelsLast(x: Tensor, format: DataFormat): Tensor {
  if (format === "channels_last") return x;
  return x.transpose([0, ...Array.from({ length: x.ndim - 2 }, (_, d) => d + 2), 1]);
}

/** Moves the channels from the end to where the format has them. */
export function channelsBack(x: Tensor, format: DataFormat): Tensor {
  if (format === "channels_last") return x;
  return x.transpose([0, x.ndim - 1, ...Array.from({ length: x.ndim - 2 }, (_, d) => d + 1)]);
}

/** From the first to the last element of a window. */
export const spanOf = (window: number, dilation: number): number => (window - 1) * dilation + 1;

/** Elements before and behind that `"same"` puts around an axis; of an odd number, one more behind. */
export function sameSides(
  n: number,
  window: number,
  stride: number,
  dilation: number,
): readonly [number, number] {
  const all = Math.max(0, (Math.ceil(n / stride) - 1) * stride + spanOf(window, dilation) - n);
  return [Math.floor(all / 2), Math.ceil(all / 2)];
}

/** Zeros around an axis of a transposed convolution whose elements are moved apart by the stride. */
export function transposedSides(
  window: number,
  stride: number,
  dilation: number,
  padding: Padding,
  outputPadding: number | null,
): readonly [number, number] {
  const span = spanOf(window, dilation);
  if (padding === "valid") return [span - 1, span - 1 + (outputPadding ?? Math.max(0, stride - span))];
  const all = outputPadding === null ? span + stride - 2 : span + (span % 2) - 2 + outputPadding;
  const low = Math.min(Math.ceil(all / 2), span - 1);
  return [low, all - low];
}

/**
 * The number of windows along an axis.
 *
 * @param n the length of the axis; null if it is not known
 * @throws ShapeError when not one window lies inside
 */
export function windowsAlong(
  n: number | null,
  window: number,
  stride: number,
  dilation: number,
  padding: Padding | "causal",
  where: string,
): number | null {
  if (n === null) return null;
  if (padding !== "valid") return Math.ceil(n / stride);
  const span = spanOf(window, dilation);
  if (n >= span) return Math.floor((n - span) / stride) + 1;
  throw new ShapeError(
    `${where}: windows of ${span} element${span === 1 ? "" : "s"} do not fit into an axis of length ${n}.`,
  );
}
