/** What layers that change the axes of space share: pairs of widths, and where the axes stand. */
import { show, ValueError } from "../../../engine/index.ts";
import type { DataFormat } from "../../backend/data_format.ts";
import type { KerasShape } from "../../backend/keras_tensor.ts";

/** How much before and behind an axis. */
export type Pair = readonly [number, number];

/**
 * Widths before and behind each of `rank` axes.
 *
 * @param value one number for all; for one axis a pair; for several axes a number or a pair for each
 * @throws ValueError unless all are whole numbers from 0 on
 */
export function pairsPerAxis(value: unknown, rank: number, where: string, name: string): readonly Pair[] {
  const items: readonly unknown[] =
    typeof value === "number"
      ? new Array<unknown>(rank).fill(value)
      : rank === 1
        ? [value]
        : Array.isArray(value)
          ? value
          : [];
  const pairs = items.map((item) => (typeof item === "number" ? [item, item] : item));
  const isPair = (p: unknown): p is Pair =>
    Array.isArray(p) && p.length === 2 && p.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
  if (pairs.length === rank && pairs.every(isPair)) return pairs;
  const what = rank === 1 ? "or two" : `or ${rank} of them, or ${rank} pairs`;
  throw new ValueError(
    `${where}: expected ${name} to be a whole number from 0 on, ${what}. Received: ${name}=${show(value)}`,
  );
}

/** The first axis of space. */
export function firstSpatialAxis(format: DataFormat): number {
  return format === "channels_first" ? 2 : 1;
}

/** A shape with the lengths of the axes of space changed; unknown ones stay unknown. */
export function mapSpatial(
  shape: KerasShape,
  format: DataFormat,
  rank: number,
  fn: (length: number, axis: number) => number,
): KerasShape {
  const first = firstSpatialAxis(format);
  return shape.map((n, i) => {
    const axis = i - first;
    return n === null || axis < 0 || axis >= rank ? n : fn(n, axis);
  });
}
