/** Primitives that read or write at places which are computed: gather, scatter, slices that move. */
import {
  batchAxes,
  type DType,
  type IndexDims,
  isPrimitive as is,
  isFloat,
  type Node,
  windowAxes,
} from "../../../engine/index.ts";
import { combine, type Dim, type Dims, fixed, isFixed, product, sameDim } from "./dims.ts";
import { elementTypes } from "./proto.ts";
import { storedAs, type Values } from "./values.ts";

/** Translates one node, if it is of this kind. */
export function indexing(values: Values, node: Node): boolean {
  if (is(node, "gather")) values.setWhole(node, gather(values, node));
  else if (is(node, "scatter")) values.setWhole(node, scatter(values, node));
  else if (is(node, "dynamic_slice")) values.setWhole(node, dynamicSlice(values, node));
  else if (is(node, "dynamic_update_slice")) values.setWhole(node, dynamicUpdate(values, node));
  else return false;
  return true;
}

/** Starts along one axis as int64, moved so that so many elements follow each. */
function starts(values: Values, index: string, length: Dim, size: Dim): string {
  const { emitter } = values;
  const wide = emitter.op("Cast", [index], { to: elementTypes.int64 });
  const last = emitter.op("Squeeze", [emitter.length(combine([length, 1], [size, -1])), emitter.ints([0])]);
  return emitter.op("Max", [emitter.op("Min", [wide, last]), emitter.int(0)]);
}

/** Component k of the index vectors, without their axis. */
function component(values: Values, indices: Node, k: number): string {
  const { emitter } = values;
  return emitter.op("Gather", [values.whole(indices), emitter.int(k)], { axis: indices.shape.length - 1 });
}

function gather(values: Values, node: Node<"gather">): string {
  const [x, indices] = node.inputs as [Node, Node];
  const { attrs } = node;
  const sizes = values.twins.list(node, (n) => n.attrs.sliceSizes);
  const dims = values.shape(x);
  const [axis] = attrs.startIndexMap;
  const rank = x.shape.length;
  const takes =
    attrs.startIndexMap.length === 1 &&
    attrs.operandBatchingDims.length === 0 &&
    attrs.collapsedSliceDims.length === 1 &&
    attrs.collapsedSliceDims[0] === axis &&
    dims.every((d, i) => i === axis || sameDim(d, sizes[i]!));
  if (takes) {
    const places = starts(values, component(values, indices, 0), dims[axis!]!, fixed(1));
    const taken = values.emitter.op("Gather", [values.whole(x), places], { axis: axis! });
    // Its axes: those of the array ahead of the axis, those of the indices, the rest of the array's.
    const indexRank = indices.shape.length - 1;
    const windows = windowAxes(rank, attrs);
    const batch = batchAxes(node.shape.length, attrs);
    const order = new Array<number>(node.shape.length);
    windows.forEach((w, k) => {
      order[attrs.offsetDims[k]!] = w < axis! ? w : w - 1 + indexRank;
    });
    batch.forEach((d, k) => {
      order[d] = axis! + k;
    });
    return values.transposed(taken, order);
  }
  const places = flatPlaces(values, x, indices, attrs, values.shape(node), sizes, "moved");
  const flat = values.reshaped(values.whole(x), [product(dims)]);
  return values.emitter.op("Gather", [flat, places.at], { axis: 0 });
}

interface Places {
  /** Of each element of the windows its place in the array, as if that had one axis. */
  readonly at: string;
  /** Whether it lies inside; undefined if all do. */
  readonly inside: string | undefined;
}

/**
 * Where the elements of windows lie.
 *
 * @param shape of all windows together: the result of a gather, the updates of a scatter
 * @param sizes of a window along each axis of the array
 * @param outside whether windows that lie partly outside are moved, or told
 */
function flatPlaces(
  values: Values,
  x: Node,
  indices: Node,
  attrs: IndexDims,
  shape: Dims,
  sizes: Dims,
  outside: "moved" | "told",
): Places {
  const { emitter } = values;
  const dims = values.shape(x);
  const windows = windowAxes(dims.length, attrs);
  const batch = batchAxes(shape.length, attrs);
  const rank = shape.length;
  /** Numbers along one axis of the windows. */
  const along = (axis: number): string => {
    const length = emitter.op("Squeeze", [emitter.length(shape[axis]!), emitter.ints([0])]);
    const count = emitter.op("Range", [emitter.int(0), length, emitter.int(1)]);
    return values.reshaped(
      count,
      shape.slice(axis).map((d, i) => (i === 0 ? d : fixed(1))),
    );
  };
  /** Numbers for each index vector, at the axes that the windows have for them. */
  const spread = (name: string): string => {
    const spaced = shape.map((d, i) => (batch.includes(i) ? d : fixed(1)));
    const first = Math.min(...batch, rank);
    return batch.length === 0 ? name : values.reshaped(name, spaced.slice(first));
  };
  let at: string | undefined;
  const checks: string[] = [];
  dims.forEach((length, axis) => {
    const stride = product(dims.slice(axis + 1));
    const parts: string[] = [];
    const k = attrs.startIndexMap.indexOf(axis);
    if (k >= 0) {
      const index = component(values, indices, k);
      const wide = emitter.op("Cast", [index], { to: elementTypes.int64 });
      parts.push(spread(outside === "moved" ? starts(values, index, length, sizes[axis]!) : wide));
    }
    const b = attrs.operandBatchingDims.indexOf(axis);
    if (b >= 0) parts.push(along(batch[attrs.indicesBatchingDims[b]!]!));
    const w = windows.indexOf(axis);
    if (w >= 0 && !isFixed(shape[attrs.offsetDims[w]!]!, 1)) parts.push(along(attrs.offsetDims[w]!));
    if (parts.length === 0) return;
    const place = parts.reduce((a, c) => emitter.op("Add", [a, c]));
    if (outside === "told" && k >= 0) {
      const end = emitter.op("Squeeze", [emitter.length(length), emitter.ints([0])]);
      const notBefore = emitter.op("GreaterOrEqual", [place, emitter.int(0)]);
      checks.push(emitter.op("And", [notBefore, emitter.op("Less", [place, end])]));
    }
    const step = emitter.op("Squeeze", [emitter.length(stride), emitter.ints([0])]);
    const term = isFixed(stride, 1) ? place : emitter.op("Mul", [place, step]);
    at = at === undefined ? term : emitter.op("Add", [at, term]);
  });
  const all = emitter.op("Expand", [at ?? emitter.int(0), emitter.lengths(shape)]);
  const inside = checks.length === 0 ? undefined : checks.reduce((a, c) => emitter.op("And", [a, c]));
  return { at: all, inside };
}

const scatterKinds = { set: undefined, add: "add", multiply: "mul", max: "max", min: "min" } as const;

function scatter(values: Values, node: Node<"scatter">): string {
  const { emitter } = values;
  const [x, indices, updates] = node.inputs as [Node, Node, Node];
  // Runtimes scatter floats and the wider integers.
  const { dtype } = node;
  const working = isFloat(dtype) ? storedAs(dtype) : dtype === "uint32" ? "int64" : "int32";
  const cast = (name: string, to: DType | "int64"): string =>
    working === dtype ? name : emitter.op("Cast", [name], { to: elementTypes[to] });
  const dims = values.shape(x);
  const shape = values.shape(updates);
  const windows = windowAxes(dims.length, node.attrs);
  const sizes = dims.map((_, axis) => {
    const w = windows.indexOf(axis);
    return w < 0 ? fixed(1) : shape[node.attrs.offsetDims[w]!]!;
  });
  const total = product(dims);
  const places = flatPlaces(values, x, indices, node.attrs, shape, sizes, "told");
  const end = emitter.op("Squeeze", [emitter.length(total), emitter.ints([0])]);
  // What falls outside goes to a place behind the array, which is cut off in the end.
  const at = places.inside === undefined ? places.at : emitter.op("Where", [places.inside, places.at, end]);
  const flat = values.reshaped(cast(values.whole(x), working), [total]);
  const longer = emitter.op("Pad", [flat, emitter.ints([0, 1])], { mode: "constant" });
  const count = [product(shape)];
  const written = emitter.op(
    "ScatterElements",
    [longer, values.reshaped(at, count), values.reshaped(cast(values.whole(updates), working), count)],
    { axis: 0, reduction: scatterKinds[node.attrs.kind] },
  );
  const cut = emitter.op("Slice", [written, emitter.ints([0]), emitter.length(total), emitter.ints([0])]);
  return values.reshaped(cast(cut, dtype), dims);
}

/** The start along an axis as a list of one int64. */
function startOf(values: Values, start: Node, length: Dim, size: Dim): string {
  return values.emitter.op("Unsqueeze", [
    starts(values, values.whole(start), length, size),
    values.emitter.ints([0]),
  ]);
}

/** The axes along which a part is shorter than the whole. */
function shorter(part: Dims, whole: Dims): number[] {
  return whole.map((_, i) => i).filter((i) => !sameDim(part[i]!, whole[i]!));
}

function dynamicSlice(values: Values, node: Node<"dynamic_slice">): string {
  const { emitter } = values;
  const [x, ...at] = node.inputs as [Node, ...Node[]];
  const dims = values.shape(x);
  const sizes = values.shape(node);
  const axes = shorter(sizes, dims);
  if (axes.length === 0) return values.whole(x);
  const from = axes.map((i) => startOf(values, at[i]!, dims[i]!, sizes[i]!));
  const first = from.length === 1 ? from[0]! : emitter.op("Concat", from, { axis: 0 });
  const end = emitter.op("Add", [first, emitter.lengths(axes.map((i) => sizes[i]!))]);
  return emitter.op("Slice", [values.whole(x), first, end, emitter.ints(axes)]);
}

function dynamicUpdate(values: Values, node: Node): string {
  const { emitter } = values;
  const [x, update, ...at] = node.inputs as [Node, Node, ...Node[]];
  const dims = values.shape(x);
  const sizes = values.shape(update);
  /** Puts a part into an array that it fits in all but some axes. */
  const put = (array: string, part: string, axes: readonly number[]): string => {
    const [axis, ...rest] = axes;
    if (axis === undefined) return part;
    const from = startOf(values, at[axis]!, dims[axis]!, sizes[axis]!);
    const to = emitter.op("Add", [from, emitter.length(sizes[axis]!)]);
    const cut = (first: string, end: string): string =>
      emitter.op("Slice", [array, first, end, emitter.ints([axis])]);
    const inner = rest.length === 0 ? part : put(cut(from, to), part, rest);
    const parts = [cut(emitter.ints([0]), from), inner, cut(to, emitter.length(dims[axis]!))];
    return emitter.op("Concat", parts, { axis });
  };
  return put(values.whole(x), values.whole(update), shorter(sizes, dims));
}
