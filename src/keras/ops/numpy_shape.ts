/** NumPy's functions that rearrange elements without looking at them. */
import * as engine from "../../engine/index.ts";
import {
  checkOptions,
  normalizeAxes,
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
import { wholeNumbers } from "./convert.ts";

export { broadcastTo } from "../../engine/index.ts";

/** Options that say no more than an axis. */
export interface AxisOptions {
  /** The axis. Default 0. */
  readonly axis?: number;
}

/**
 * The same elements in another shape; one length may be -1, which means "whatever is left".
 *
 * @param newshape as many elements in all
 * @throws ShapeError when there are other numbers of elements
 *
 * @example
 * ```ts
 * reshape([1, 2, 3, 4], [2, -1]).arraySync(); // → [[1, 2], [3, 4]]
 * ```
 */
export function reshape(x: TensorLike, newshape: Shape | number): Tensor {
  return toTensor(x).reshape(typeof newshape === "number" ? [newshape] : newshape);
}

/**
 * Axes in another order.
 *
 * @param options `axes`: the order (default: reversed)
 *
 * @example
 * ```ts
 * transpose([[1, 2], [3, 4]]).arraySync(); // → [[1, 3], [2, 4]]
 * ```
 */
export function transpose(x: TensorLike, options: { readonly axes?: readonly number[] | null } = {}): Tensor {
  checkOptions("transpose", options, ["axes"]);
  return toTensor(x).transpose(options.axes ?? undefined);
}

/**
 * All elements along one axis.
 *
 * @example
 * ```ts
 * ravel([[1, 2], [3, 4]]).arraySync(); // → [1, 2, 3, 4]
 * ```
 */
export function ravel(x: TensorLike): Tensor {
  return toTensor(x).flatten();
}

/**
 * Two axes exchanged.
 *
 * @example
 * ```ts
 * shape(swapaxes(zeros([2, 3, 4]), 0, 2)); // → [4, 3, 2]
 * ```
 */
export function swapaxes(x: TensorLike, axis1: number, axis2: number): Tensor {
  const t = toTensor(x);
  const [a, b] = [normalizeAxis(axis1, t.ndim, "swapaxes"), normalizeAxis(axis2, t.ndim, "swapaxes")];
  return t.transpose(t.shape.map((_, i) => (i === a ? b : i === b ? a : i)));
}

/**
 * Axes moved to other places; the others keep their order.
 *
 * @param source the axes
 * @param destination where they go, in the same order
 *
 * @example
 * ```ts
 * shape(moveaxis(zeros([2, 3, 4]), 0, -1)); // → [3, 4, 2]
 * ```
 */
export function moveaxis(
  x: TensorLike,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  const t = toTensor(x);
  const list = (axes: number | readonly number[]): number[] =>
    (typeof axes === "number" ? [axes] : axes).map((a) => normalizeAxis(a, t.ndim, "moveaxis"));
  const [from, to] = [list(source), list(destination)];
  const order = t.shape.map((_, i) => i).filter((i) => !from.includes(i));
  if (from.length !== to.length || order.length !== t.ndim - from.length) {
    throw new ValueError(
      `moveaxis: expected as many sources as destinations. Received: ${show(source)}, ${show(destination)}`,
    );
  }
  for (const [at, axis] of to.map((d, i) => [d, from[i]!] as const).sort((p, q) => p[0] - q[0]))
    order.splice(at, 0, axis);
  return t.transpose(order);
}

/**
 * Without axes of length 1.
 *
 * @param options `axis`: which (default: all of them)
 * @throws ShapeError when such an axis is longer
 *
 * @example
 * ```ts
 * squeeze([[[1], [2]]]).arraySync(); // → [1, 2]
 * ```
 */
export function squeeze(
  x: TensorLike,
  options: { readonly axis?: number | readonly number[] | null } = {},
): Tensor {
  checkOptions("squeeze", options, ["axis"]);
  const t = toTensor(x);
  const axis = options.axis ?? null;
  const axes =
    axis === null ? t.shape.flatMap((n, i) => (n === 1 ? [i] : [])) : normalizeAxes(axis, t.ndim, "squeeze");
  if (axes.some((a) => t.shape[a] !== 1)) {
    throw new ShapeError(
      `squeeze: only axes of length 1 can go. Received axis ${show(axis)} of shape ${showShape(t.shape)}`,
    );
  }
  return t.reshape(t.shape.filter((_, i) => !axes.includes(i)));
}

/**
 * New axes of length 1.
 *
 * @param axis where in the result they stand: one or several
 *
 * @example
 * ```ts
 * expandDims([1, 2], -1).arraySync(); // → [[1], [2]]
 * ```
 */
export function expandDims(x: TensorLike, axis: number | readonly number[]): Tensor {
  const t = toTensor(x);
  const list = typeof axis === "number" ? [axis] : axis;
  const rank = t.ndim + list.length;
  const places = normalizeAxes(list, rank, "expandDims");
  const rest = [...t.shape];
  return t.reshape(Array.from({ length: rank }, (_, i) => (places.includes(i) ? 1 : rest.shift()!)));
}

/**
 * Tensors one after the other along an axis (default 0).
 *
 * @param options `axis`: along which (default 0)
 *
 * @example
 * ```ts
 * ops.concatenate([[1, 2], [3]]).arraySync(); // → [1, 2, 3]
 * ```
 */
export function concatenate(xs: readonly TensorLike[], options: AxisOptions = {}): Tensor {
  checkOptions("concatenate", options, ["axis"]);
  return engine.concatenate(xs, options.axis ?? 0);
}

/**
 * Two tensors one after the other; without an axis they are flattened first.
 *
 * @param options `axis`: along which (default: none, both are flattened)
 *
 * @example
 * ```ts
 * append([[1, 2]], [[3, 4]], { axis: 0 }).arraySync(); // → [[1, 2], [3, 4]]
 * ```
 */
export function append(
  x1: TensorLike,
  x2: TensorLike,
  options: { readonly axis?: number | null } = {},
): Tensor {
  checkOptions("append", options, ["axis"]);
  const axis = options.axis ?? null;
  return axis === null ? engine.concatenate([ravel(x1), ravel(x2)]) : engine.concatenate([x1, x2], axis);
}

/**
 * Tensors of one shape along a new axis.
 *
 * @param options `axis`: where the new axis stands (default 0)
 * @throws ShapeError when the shapes differ
 *
 * @example
 * ```ts
 * stack([[1, 2], [3, 4]], { axis: 1 }).arraySync(); // → [[1, 3], [2, 4]]
 * ```
 */
export function stack(x: readonly TensorLike[], options: AxisOptions = {}): Tensor {
  checkOptions("stack", options, ["axis"]);
  const tensors = x.map((t) => toTensor(t));
  const first = tensors[0];
  if (first === undefined) throw new ValueError("stack: needs at least one tensor");
  const other = tensors.find((t) => !engine.sameShape(t.shape, first.shape));
  if (other !== undefined) {
    throw new ShapeError(
      `stack: tensors need one shape. Received: ${showShape(first.shape)}, ${showShape(other.shape)}`,
    );
  }
  const at = normalizeAxis(options.axis ?? 0, first.ndim + 1, "stack");
  return engine.concatenate(
    tensors.map((t) => expandDims(t, at)),
    at,
  );
}

/**
 * Rows above each other; vectors count as rows.
 *
 * @example
 * ```ts
 * vstack([[1, 2], [3, 4]]).arraySync(); // → [[1, 2], [3, 4]]
 * ```
 */
export function vstack(xs: readonly TensorLike[]): Tensor {
  return engine.concatenate(
    xs.map((x) => atLeast(2, x)),
    0,
  );
}

/**
 * Tensors side by side: along axis 1, vectors along their only axis.
 *
 * @example
 * ```ts
 * hstack([[[1], [2]], [[3], [4]]]).arraySync(); // → [[1, 3], [2, 4]]
 * ```
 */
export function hstack(xs: readonly TensorLike[]): Tensor {
  const tensors = xs.map((x) => atLeast(1, x));
  return engine.concatenate(tensors, tensors[0]?.ndim === 1 ? 0 : 1);
}

/**
 * Tensors behind each other, along a third axis.
 *
 * @example
 * ```ts
 * dstack([[1, 2], [3, 4]]).arraySync(); // → [[[1, 3], [2, 4]]]
 * ```
 */
export function dstack(xs: readonly TensorLike[]): Tensor {
  return engine.concatenate(
    xs.map((x) => atLeast(3, x)),
    2,
  );
}

/**
 * Vectors as columns of a matrix.
 *
 * @example
 * ```ts
 * columnStack([[1, 2], [3, 4]]).arraySync(); // → [[1, 3], [2, 4]]
 * ```
 */
export function columnStack(xs: readonly TensorLike[]): Tensor {
  return engine.concatenate(
    xs.map((x) => {
      const t = toTensor(x);
      return t.ndim < 2 ? t.reshape(t.size, 1) : t;
    }),
    1,
  );
}

/** With axes of length 1 added as NumPy's atleast_1d, atleast_2d and atleast_3d do. */
function atLeast(rank: 1 | 2 | 3, x: TensorLike): Tensor {
  const t = toTensor(x);
  if (t.ndim >= rank) return t;
  const lead = rank >= 2 && t.ndim < 2 ? [1] : [];
  const shape = [...lead, ...(t.ndim === 0 ? [1] : t.shape)];
  return t.reshape(rank === 3 ? [...shape, 1] : shape);
}

/** The part from `start` up to `stop` along an axis. */
function part(x: Tensor, axis: number, start: number, stop: number): Tensor {
  return engine.slice(
    x,
    x.shape.map((_, i) => (i === axis ? start : 0)),
    x.shape.map((n, i) => (i === axis ? stop : n)),
  );
}

function cutAt(t: Tensor, places: readonly number[], axis: number): Tensor[] {
  const n = t.shape[axis]!;
  const bounds = [0, ...places.map((p) => Math.min(n, Math.max(0, p < 0 ? p + n : p))), n];
  return bounds.slice(1).map((stop, i) => part(t, axis, bounds[i]!, Math.max(bounds[i]!, stop)));
}

/**
 * Parts along an axis (default 0).
 *
 * @param indicesOrSections how many equal parts, or the places where to cut
 * @param options `axis`: along which (default 0)
 * @throws ValueError when the axis does not divide evenly
 *
 * @example
 * ```ts
 * ops.split([1, 2, 3, 4], 2).map(String); // → ["[1 2]", "[3 4]"]
 * ```
 */
export function split(
  x: TensorLike,
  indicesOrSections: number | readonly number[],
  options: AxisOptions = {},
): Tensor[] {
  checkOptions("split", options, ["axis"]);
  const t = toTensor(x);
  const axis = normalizeAxis(options.axis ?? 0, t.ndim, "split");
  const count = wholeNumbers(indicesOrSections);
  if (typeof count !== "number") return cutAt(t, count, axis);
  const n = t.shape[axis]!;
  if (!Number.isInteger(count) || count < 1 || n % count !== 0) {
    throw new ValueError(`split: axis ${axis} of length ${n} does not divide into ${count} equal parts`);
  }
  return cutAt(
    t,
    Array.from({ length: count - 1 }, (_, i) => ((i + 1) * n) / count),
    axis,
  );
}

/**
 * Parts along an axis, as equal as can be: the first ones are one longer.
 *
 * @param options `axis`: along which (default 0)
 * @param indicesOrSections the number of parts, or the indices at which they begin
 *
 * @example
 * ```ts
 * arraySplit([1, 2, 3, 4, 5], 2).map(String); // → ["[1 2 3]", "[4 5]"]
 * ```
 */
export function arraySplit(
  x: TensorLike,
  indicesOrSections: number | readonly number[] | Tensor,
  options: AxisOptions = {},
): Tensor[] {
  checkOptions("arraySplit", options, ["axis"]);
  const t = toTensor(x);
  const axis = normalizeAxis(options.axis ?? 0, t.ndim, "arraySplit");
  const count = wholeNumbers(indicesOrSections);
  if (typeof count !== "number") return cutAt(t, count, axis);
  const n = t.shape[axis]!;
  if (!Number.isInteger(count) || count < 1)
    throw new ValueError(`arraySplit: expected at least 1 part. Received: ${count}`);
  const longer = n % count;
  const place = (i: number): number => i * Math.floor(n / count) + Math.min(i, longer);
  return cutAt(
    t,
    Array.from({ length: count - 1 }, (_, i) => place(i + 1)),
    axis,
  );
}

/**
 * The tensors along an axis, which goes.
 *
 * @param options `num`: how many there are (default: the length of the axis); `axis`: along which (default 0)
 *
 * @example
 * ```ts
 * unstack([[1, 2], [3, 4]]).map(String); // → ["[1 2]", "[3 4]"]
 * ```
 */
export function unstack(
  x: TensorLike,
  options: { readonly num?: number | null; readonly axis?: number } = {},
): Tensor[] {
  checkOptions("unstack", options, ["num", "axis"]);
  const t = toTensor(x);
  const axis = normalizeAxis(options.axis ?? 0, t.ndim, "unstack");
  const shape = t.shape.filter((_, i) => i !== axis);
  return Array.from({ length: t.shape[axis]! }, (_, i) => part(t, axis, i, i + 1).reshape(shape));
}

/**
 * The whole tensor repeated along each axis.
 *
 * @param repeats how often: one number for the last axis, or one for each of the last axes
 *
 * @example
 * ```ts
 * tile([1, 2], 2).arraySync(); // → [1, 2, 1, 2]
 * ```
 */
export function tile(x: TensorLike, repeats: number | readonly number[]): Tensor {
  const list = typeof repeats === "number" ? [repeats] : repeats;
  const t = toTensor(x);
  const rank = Math.max(t.ndim, list.length);
  const shape = [...new Array<number>(rank - t.ndim).fill(1), ...t.shape];
  const times = [...new Array<number>(rank - list.length).fill(1), ...list];
  const apart = engine.broadcastTo(
    t.reshape(shape.flatMap((n) => [1, n])),
    shape.flatMap((n, i) => [times[i]!, n]),
  );
  return apart.reshape(shape.map((n, i) => n * times[i]!));
}

/**
 * Each element repeated along an axis.
 *
 * @param repeats how often: one number, or one for each element along the axis
 * @param options `axis`: along which (default: the flattened tensor)
 *
 * @example
 * ```ts
 * repeat([1, 2], 2).arraySync(); // → [1, 1, 2, 2]
 * ```
 */
export function repeat(
  x: TensorLike,
  repeats: number | readonly number[] | Tensor,
  options: { readonly axis?: number | null } = {},
): Tensor {
  checkOptions("repeat", options, ["axis"]);
  const given = toTensor(x);
  const axis = options.axis ?? null;
  const t = axis === null ? given.flatten() : given;
  const at = normalizeAxis(axis ?? 0, t.ndim, "repeat");
  const counts = wholeNumbers(repeats);
  const single = typeof counts === "number" ? counts : counts.length === 1 ? counts[0]! : undefined;
  if (single !== undefined) {
    const wide = expandDims(t, at + 1);
    const shape = wide.shape.map((n, i) => (i === at + 1 ? single : n));
    return engine.broadcastTo(wide, shape).reshape(t.shape.map((n, i) => (i === at ? n * single : n)));
  }
  const list = counts as readonly number[];
  if (list.length !== t.shape[at]) {
    throw new ValueError(`repeat: expected ${t.shape[at]} counts for axis ${at}. Received: ${list.length}`);
  }
  return engine.take(t, Int32Array.from(list.flatMap((count, i) => new Array<number>(count).fill(i))), at);
}

/**
 * Elements in reverse order along axes.
 *
 * @param options `axis`: one axis or several (default: all)
 *
 * @example
 * ```ts
 * flip([[1, 2], [3, 4]], { axis: 0 }).arraySync(); // → [[3, 4], [1, 2]]
 * ```
 */
export function flip(
  x: TensorLike,
  options: { readonly axis?: number | readonly number[] | null } = {},
): Tensor {
  checkOptions("flip", options, ["axis"]);
  return engine.reverse(x, options.axis);
}

/**
 * Columns in reverse order.
 *
 * @example
 * ```ts
 * fliplr([[1, 2], [3, 4]]).arraySync(); // → [[2, 1], [4, 3]]
 * ```
 */
export function fliplr(x: TensorLike): Tensor {
  return engine.reverse(x, 1);
}

/**
 * Rows in reverse order.
 *
 * @example
 * ```ts
 * flipud([[1, 2], [3, 4]]).arraySync(); // → [[3, 4], [1, 2]]
 * ```
 */
export function flipud(x: TensorLike): Tensor {
  return engine.reverse(x, 0);
}

/**
 * Elements moved along axes; what leaves at the end comes back at the start.
 *
 * @param shift how far: one number, or one for each axis
 * @param options `axis`: along which (default: the flattened tensor, which gets its shape back)
 *
 * @example
 * ```ts
 * roll([1, 2, 3], 1).arraySync(); // → [3, 1, 2]
 * ```
 */
export function roll(
  x: TensorLike,
  shift: number | readonly number[],
  options: { readonly axis?: number | readonly number[] | null } = {},
): Tensor {
  checkOptions("roll", options, ["axis"]);
  const t = toTensor(x);
  const axis = options.axis ?? null;
  if (axis === null) {
    const total = typeof shift === "number" ? shift : shift.reduce((sum, s) => sum + s, 0);
    return roll(t.flatten(), total, { axis: 0 }).reshape(t.shape);
  }
  const axes = typeof axis === "number" ? [axis] : axis;
  const shifts = typeof shift === "number" ? axes.map(() => shift) : shift;
  if (shifts.length !== axes.length && axes.length !== 1) {
    throw new ValueError(`roll: expected a shift for each axis. Received: ${show(shift)}, ${show(axis)}`);
  }
  let out = t;
  shifts.forEach((by, i) => {
    const at = normalizeAxis(axes[i] ?? axes[0]!, t.ndim, "roll");
    const n = t.shape[at]!;
    const cut = n === 0 ? 0 : ((-by % n) + n) % n;
    if (cut !== 0) out = engine.concatenate([part(out, at, cut, n), part(out, at, 0, cut)], at);
  });
  return out;
}

/**
 * Turned by quarter turns from the first of two axes to the second.
 *
 * @param options `k`: how many quarter turns (default 1); `axes`: the plane (default `[0, 1]`)
 *
 * @example
 * ```ts
 * rot90([[1, 2], [3, 4]]).arraySync(); // → [[2, 4], [1, 3]]
 * ```
 */
export function rot90(
  array: TensorLike,
  options: { readonly k?: number; readonly axes?: readonly [number, number] } = {},
): Tensor {
  checkOptions("rot90", options, ["k", "axes"]);
  const t = toTensor(array);
  const [first, second] = options.axes ?? [0, 1];
  const [a, b] = [normalizeAxis(first, t.ndim, "rot90"), normalizeAxis(second, t.ndim, "rot90")];
  switch ((((options.k ?? 1) % 4) + 4) % 4) {
    case 1:
      return engine.reverse(swapaxes(t, a, b), a);
    case 2:
      return engine.reverse(t, [a, b]);
    case 3:
      return engine.reverse(swapaxes(t, a, b), b);
    default:
      return t;
  }
}

function splitAlong(name: string, axisOf: (rank: number) => number, least: number) {
  return (x: TensorLike, indicesOrSections: number | readonly number[]): Tensor[] => {
    const t = toTensor(x);
    if (t.ndim < least)
      throw new ShapeError(`${name}: expected at least ${least} axes. Received shape ${showShape(t.shape)}`);
    return split(t, indicesOrSections, { axis: axisOf(t.ndim) });
  };
}

/** A cut along a given axis into equal parts, or at indices. */
export type Split = (x: TensorLike, indicesOrSections: number | readonly number[]) => Tensor[];

/** Parts along axis 1 (of a vector: axis 0): equal ones, or cut at indices. */
export const hsplit: Split = /* @__PURE__ */ splitAlong("hsplit", (rank) => (rank === 1 ? 0 : 1), 1);
/** Parts along axis 0 of a tensor of two axes or more: equal ones, or cut at indices. */
export const vsplit: Split = /* @__PURE__ */ splitAlong("vsplit", () => 0, 2);
/** Parts along axis 2 of a tensor of three axes or more: equal ones, or cut at indices. */
export const dsplit: Split = /* @__PURE__ */ splitAlong("dsplit", () => 2, 3);
