/** NumPy's padding. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  didYouMean,
  show,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";

/** Which element of an axis of length n stands at place i, which may lie outside. */
const sources = {
  edge: (i: number, n: number): number => Math.min(n - 1, Math.max(0, i)),
  wrap: (i: number, n: number): number => ((i % n) + n) % n,
  // 0 1 2 1 0 1 …: the edges are not repeated.
  reflect: (i: number, n: number): number => {
    const period = Math.max(1, 2 * (n - 1));
    const at = ((i % period) + period) % period;
    return Math.min(at, period - at) % n;
  },
  // 0 1 2 2 1 0 0 …: the edges are repeated.
  symmetric: (i: number, n: number): number => {
    const at = ((i % (2 * n)) + 2 * n) % (2 * n);
    return Math.min(at, 2 * n - 1 - at);
  },
} as const;

/** What stands beside the old elements. */
export type PadMode = "constant" | keyof typeof sources;

/** Widths before and behind: one number for all, one pair for all axes, or a pair for each axis. */
export type PadWidth = number | readonly number[] | readonly (readonly number[])[];

/** Options of `pad`. */
export interface PadOptions {
  /** `"constant"` (default), `"edge"`, `"reflect"`, `"symmetric"` or `"wrap"`. */
  readonly mode?: PadMode;
  /** The number that `"constant"` pads with. Default 0. */
  readonly constantValues?: number | null;
}

function pairs(width: PadWidth, rank: number): readonly (readonly number[])[] {
  const all = (pair: readonly number[]): (readonly number[])[] => Array.from({ length: rank }, () => pair);
  const both = (pair: readonly number[]): readonly number[] =>
    pair.length === 1 ? [pair[0]!, pair[0]!] : pair;
  if (typeof width === "number") return all([width, width]);
  if (width.every((w) => typeof w === "number")) return all(both(width));
  const list = width.map(both);
  return list.length === 1 ? all(list[0]!) : list;
}

/**
 * Elements put before and behind along each axis.
 *
 * @param padWidth one number, `[before, behind]`, or such a pair for each axis
 * @param options `mode` (default `"constant"`), `constantValues` (default 0)
 * @throws ValueError when widths are negative, do not fit the axes, or the mode is unknown
 *
 * @example
 * ```ts
 * ops.pad([1, 2], [[1, 2]]).arraySync(); // → [0, 1, 2, 0, 0]
 * ```
 */
export function pad(x: TensorLike, padWidth: PadWidth, options: PadOptions = {}): Tensor {
  checkOptions("pad", options, ["mode", "constantValues"]);
  const { mode = "constant", constantValues } = options;
  let t = toTensor(x);
  const widths = pairs(padWidth, t.ndim);
  const valid =
    widths.length === t.ndim &&
    widths.every((p) => p.length === 2 && p.every((w) => Number.isInteger(w) && w >= 0));
  if (!valid) {
    throw new ValueError(
      `pad: expected a pair of widths for each of ${t.ndim} axes, none negative. Received: ${show(padWidth)}`,
    );
  }
  if (mode === "constant") {
    const low = widths.map((p) => p[0]!);
    const high = widths.map((p) => p[1]!);
    return engine.pad(t, constantValues ?? 0, { low, high, interior: low.map(() => 0) });
  }
  const source = Object.hasOwn(sources, mode) ? sources[mode] : undefined;
  if (source === undefined) {
    const modes = ["constant", ...Object.keys(sources)];
    throw new ValueError(
      `pad: no mode ${show(mode)}.${didYouMean(String(mode), modes)} Available: ${modes.join(", ")}`,
    );
  }
  if (constantValues !== undefined && constantValues !== null) {
    throw new ValueError(`pad: constantValues goes with mode "constant" only. Received: mode=${show(mode)}`);
  }
  widths.forEach(([before, behind], axis) => {
    const n = t.shape[axis]!;
    if (before === 0 && behind === 0) return;
    if (n === 0) throw new ValueError(`pad: mode ${show(mode)} needs elements; axis ${axis} has none`);
    const places = Int32Array.from({ length: before! + n + behind! }, (_, i) => source(i - before!, n));
    t = engine.take(t, places, axis);
  });
  return t;
}
