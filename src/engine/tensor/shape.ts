/** Shapes: sizes, strides, axes and broadcasting. */
import { IndexError, ShapeError, show } from "./errors.ts";

/** The length of each axis, outermost first; `[]` is a scalar. */
export type Shape = readonly number[];

/** The number of elements. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i]!;
  }
  return strides;
}

/** Whether two shapes are the same. */
export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}

/** A shape as Python prints it: `(2, 3)`, `(4,)`, `()`. Unknown lengths are `None`. */
export function showShape(shape: readonly (number | null)[]): string {
  const items = shape.map((n) => (n === null ? "None" : String(n)));
  return shape.length === 1 ? `(${items[0]},)` : `(${items.join(", ")})`;
}

/**
 * Checks that every length is a whole number that is not negative.
 *
 * @throws ShapeError
 */
export function checkShape(shape: unknown, where: string): Shape {
  if (!Array.isArray(shape) || !shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
    throw new ShapeError(
      `${where}: a shape is an array of whole numbers that are not negative. Received: ${show(shape)}`,
    );
  }
  return shape as Shape;
}

/**
 * An axis counted from the front; negative ones count from the end.
 *
 * @throws IndexError when there is no such axis
 */
export function normalizeAxis(axis: number, rank: number, where: string): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new IndexError(
      `${where}: axis ${show(axis)} is out of bounds for ${rank} dimension${rank === 1 ? "" : "s"}`,
    );
  }
  return axis < 0 ? axis + rank : axis;
}

/** Several axes counted from the front, sorted; `undefined` or `null` means all of them. */
export function normalizeAxes(
  axes: number | readonly number[] | null | undefined,
  rank: number,
  where: string,
): number[] {
  if (axes === undefined || axes === null) return Array.from({ length: rank }, (_, i) => i);
  const list = (typeof axes === "number" ? [axes] : axes).map((a) => normalizeAxis(a, rank, where));
  if (new Set(list).size !== list.length)
    throw new IndexError(`${where}: an axis occurs twice in ${show(axes)}`);
  return list.sort((a, b) => a - b);
}

/**
 * The shape that both shapes broadcast to, by NumPy's rules.
 *
 * @throws ShapeError when they do not fit
 */
export function broadcastShapes(a: Shape, b: Shape, where: string): Shape {
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 0; i < rank; i++) {
    const m = a[i - rank + a.length] ?? 1;
    const n = b[i - rank + b.length] ?? 1;
    if (m !== n && m !== 1 && n !== 1) {
      throw new ShapeError(
        `${where}: shapes ${showShape(a)} and ${showShape(b)} cannot be broadcast together`,
      );
    }
    out[i] = m === 1 ? n : m;
  }
  return out;
}
