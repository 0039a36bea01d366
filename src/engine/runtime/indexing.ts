/** NumPy's indexing: positions, slices, new axes, and arrays of positions or of booleans. */
import { build, constant, reshape } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import { binary, broadcastAll, comparison, select, toDType } from "../graph/numeric.ts";
import { isInteger } from "../tensor/dtype.ts";
import { DTypeError, IndexError, StateError, show, ValueError } from "../tensor/errors.ts";
import { type Shape, sameShape, showShape, stridesOf } from "../tensor/shape.ts";
import { hostValue, leaf } from "./evaluate.ts";

/**
 * One item of an index: a position, a slice `[start, stop?, step?]` (null: from the end of the range), `null` for a new
 * axis, or `"..."` for all axes that are not named.
 */
export type IndexSpec = number | readonly (number | null | undefined)[] | null | "...";

type Item = number | Range | null | Node;

/** An array of positions along an axis, with its place in the index. */
interface Advanced {
  readonly place: number;
  readonly axis: number;
  readonly indices: Node;
}

/**
 * The node of `x[spec]`. Nodes in the spec are arrays: integers pick along their axis, several of them together element by
 * element; booleans pick where they are true, and are read to find out how many that are.
 */
export function indexNode(x: Node, spec: readonly (IndexSpec | Node)[]): Node {
  const items = resolveItems(x, spec);
  const anyArray = items.some(isNode);

  const start: number[] = [];
  const limit: number[] = [];
  const strides: number[] = [];
  const reversed: number[] = [];
  const shape: number[] = [];
  const advanced: Advanced[] = [];
  items.forEach((item, place) => {
    if (item === null) {
      shape.push(1);
      return;
    }
    const axis = start.length;
    const length = x.shape[axis]!;
    let range: Range = { start: 0, limit: length, step: 1 };
    if (isNode(item)) {
      advanced.push({ place, axis: shape.length, indices: item });
      shape.push(length);
    } else if (typeof item !== "number") {
      if (item.step < 0) reversed.push(axis);
      range = item.step < 0 ? forwards(item) : item;
      shape.push(Math.ceil((range.limit - range.start) / range.step));
    } else if (anyArray) {
      // Beside arrays a position is an array too, of rank 0.
      advanced.push({ place, axis: shape.length, indices: int32(item) });
      shape.push(length);
    } else range = { start: item, limit: item + 1, step: 1 };
    start.push(range.start);
    limit.push(range.limit);
    strides.push(range.step);
  });
  const sliced = build("slice", [x], { start, limit, strides });
  const forward: Node = reversed.length > 0 ? build("reverse", [sliced], { axes: reversed }) : sliced;
  const result = reshape(forward, shape);
  return anyArray ? gatherNode(result, advanced) : result;
}

/** Elements of x at integer indices along an axis; negative ones count from the end. */
export function takeNode(x: Node, indices: Node, axis: number): Node {
  return gatherNode(x, [{ place: axis, axis, indices }]);
}

/**
 * Elements at arrays of positions, which are broadcast together. The axes of the arrays stand where the arrays stood if these
 * are neighbours in the index, else first.
 */
function gatherNode(x: Node, advanced: readonly Advanced[]): Node {
  const axes = advanced.map((a) => a.axis);
  const positions = advanced.map(({ indices, axis }) => {
    if (!isInteger(indices.dtype)) {
      throw new DTypeError(`Indices must be integers. Received a tensor of ${indices.dtype}`);
    }
    const raw = toDType(indices, "int32");
    return select(comparison("LT", raw, 0), binary("add", raw, x.shape[axis]!), raw);
  });
  const together = broadcastAll("index", ...positions);
  const batch = together[0]!.shape;
  const columns = together.map((p) => reshape(p, [...batch, 1]));
  const vectors = columns.length === 1 ? columns[0]! : build("concatenate", columns, { axis: batch.length });
  const neighbours = advanced.every((a, i) => i === 0 || a.place === advanced[i - 1]!.place + 1);
  const first = neighbours ? axes[0]! : 0;
  const rank = x.shape.length - axes.length + batch.length;
  return build("gather", [x, vectors], {
    offsetDims: Array.from({ length: rank }, (_, i) => i).filter(
      (i) => i < first || i >= first + batch.length,
    ),
    collapsedSliceDims: axes,
    operandBatchingDims: [],
    indicesBatchingDims: [],
    startIndexMap: axes,
    sliceSizes: x.shape.map((n, i) => (axes.includes(i) ? Math.min(1, n) : n)),
  });
}

/** A scalar int32 node. */
export function int32(value: number): Node {
  return constant(value, { shape: [], dtype: "int32" });
}

function isNode(item: IndexSpec | Item): item is Node {
  return typeof item === "object" && item !== null && "op" in item;
}

/** The index with one item for each axis: "..." and what is missing at the end are slices of everything. */
function resolveItems(x: Node, spec: readonly (IndexSpec | Node)[]): Item[] {
  const axesOf = (s: IndexSpec | Node): number => {
    if (s === null || s === "...") return 0;
    return isNode(s) && s.dtype === "bool" ? s.shape.length : 1;
  };
  const named = spec.reduce<number>((n, s) => n + axesOf(s), 0);
  if (named > x.shape.length) {
    throw new IndexError(`Too many indices: ${named} for a tensor of shape ${showShape(x.shape)}`);
  }
  const dots = spec.indexOf("...");
  if (dots >= 0 && spec.indexOf("...", dots + 1) >= 0)
    throw new ValueError('An index can have one "..." only.');
  const rest = Array.from({ length: x.shape.length - named }, (): IndexSpec => [null, null]);
  const before = dots < 0 ? spec.length : dots;
  const full = [...spec.slice(0, before), ...rest, ...spec.slice(before)].filter((s) => s !== "...");
  let axis = 0;
  return full.flatMap((s): Item[] => {
    if (s === null) return [null];
    const at = axis;
    axis += axesOf(s);
    const length = x.shape[at]!;
    if (typeof s === "number") return [position(s, length, at)];
    if (!isNode(s)) return [slicePositions(s, length, at)];
    return s.dtype === "bool" ? truePositions(s, x.shape.slice(at, axis)) : [s];
  });
}

/** The places where a mask is true, as one array of positions for each of its axes. */
function truePositions(mask: Node, shape: Shape): Node[] {
  if (!sameShape(mask.shape, shape)) {
    throw new IndexError(
      `A boolean index has the shape of the axes it picks from, ${showShape(shape)}. Received: ${showShape(mask.shape)}`,
    );
  }
  let values: ArrayLike<number>;
  try {
    values = hostValue(mask);
  } catch (cause) {
    if (!(cause instanceof StateError)) throw cause;
    throw new StateError(
      "A boolean index decides a shape, so it cannot be used inside a compiled function. Use where().",
      { cause },
    );
  }
  const places: number[] = [];
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) places.push(i);
  const strides = stridesOf(shape);
  return shape.map((n, d) => {
    const along = Int32Array.from(places, (i) => Math.floor(i / strides[d]!) % n);
    return leaf(along, { shape: [along.length], dtype: "int32" });
  });
}

function position(index: number, length: number, axis: number): number {
  if (!Number.isInteger(index) || index < -length || index >= length) {
    throw new IndexError(`Index ${show(index)} is out of bounds for axis ${axis} with length ${length}`);
  }
  return index < 0 ? index + length : index;
}

interface Range {
  readonly start: number;
  readonly limit: number;
  readonly step: number;
}

/** Python's rules for start:stop:step, where what lies outside is cut. */
function slicePositions(item: readonly (number | null | undefined)[], length: number, axis: number): Range {
  const step = item[2] ?? 1;
  const whole = item.length <= 3 && item.every((v) => v === null || v === undefined || Number.isInteger(v));
  if (!whole || step === 0) {
    throw new IndexError(
      `A slice is [start, stop, step] of whole numbers with a step that is not 0. Received ${show(item)} for axis ${axis}`,
    );
  }
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const clip = (v: number | null | undefined, otherwise: number): number => {
    if (v === null || v === undefined) return otherwise;
    return Math.min(high, Math.max(low, v < 0 ? v + length : v));
  };
  const start = clip(item[0], step > 0 ? low : high);
  const limit = clip(item[1], step > 0 ? high : low);
  return step > 0
    ? { start, limit: Math.max(start, limit), step }
    : { start, limit: Math.min(start, limit), step };
}

/** The same elements in rising order. */
function forwards({ start, limit, step }: Range): Range {
  const count = Math.max(0, Math.ceil((limit - start) / step));
  if (count === 0) return { start: 0, limit: 0, step: 1 };
  return { start: start + (count - 1) * step, limit: start + 1, step: -step };
}
