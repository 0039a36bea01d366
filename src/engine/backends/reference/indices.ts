/** Walking through shapes with index vectors, the slow and plain way. */
import type { Shape } from "../../tensor/shape.ts";

/**
 * Visits every index of a shape in row-major order.
 *
 * @param visit takes the index vector (the same array each time) and its place in row-major order
 */
export function forEachIndex(shape: Shape, visit: (index: readonly number[], place: number) => void): void {
  if (shape.includes(0)) return;
  const index = shape.map(() => 0);
  for (let place = 0; ; place++) {
    visit(index, place);
    let axis = shape.length - 1;
    while (axis >= 0 && index[axis] === shape[axis]! - 1) index[axis--] = 0;
    if (axis < 0) return;
    index[axis]!++;
  }
}

/** The place of an index vector in memory with these strides. */
export function placeOf(index: readonly number[], strides: readonly number[]): number {
  let place = 0;
  for (let axis = 0; axis < index.length; axis++) place += index[axis]! * strides[axis]!;
  return place;
}

/** Whether an index vector lies inside a shape. */
export function isInside(index: readonly number[], shape: Shape): boolean {
  return index.every((i, axis) => i >= 0 && i < shape[axis]!);
}

/** A start moved so that `length` elements from it on lie within `size`. */
export function clampStart(start: number, length: number, size: number): number {
  return Math.max(0, Math.min(start, size - length));
}
