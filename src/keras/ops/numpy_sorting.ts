/** NumPy's functions that put elements in order, and what an order makes easy: quantiles, searches, sets, counts. */
import * as engine from "../../engine/index.ts";
import {
  type Axes,
  checkOptions,
  isFloat,
  normalizeAxes,
  normalizeAxis,
  ShapeError,
  show,
  showShape,
  type Tensor,
  type TensorLike,
  toTensor,
  ValueError,
} from "../../engine/index.ts";
import { refuseSparse, toFloat } from "./convert.ts";
import { linspace } from "./numpy_creation.ts";
import { takeAlongAxis } from "./numpy_indexing.ts";
import { isnan } from "./numpy_logic.ts";
import { cumsum } from "./numpy_reductions.ts";
import { moveaxis } from "./numpy_shape.ts";

/** Options of `sort` and `argsort`. */
export interface SortOptions {
  /** The axis to sort along, or null for the flattened tensor. Default -1. */
  readonly axis?: number | null;
}

/** A tensor and the axis to sort along. */
function sortable(name: string, x: TensorLike, options: SortOptions): { t: Tensor; axis: number } {
  checkOptions(name, options, ["axis"]);
  const t = toTensor(x);
  const { axis = -1 } = options;
  if (axis === null || t.ndim === 0) return { t: t.flatten(), axis: 0 };
  return { t, axis: normalizeAxis(axis, t.ndim, name) };
}

/**
 * The elements in ascending order along an axis; NaN comes last.
 *
 * @example
 * ```ts
 * ops.sort([3, 1, 2]).arraySync(); // → [1, 2, 3]
 * ```
 */
export function sort(x: TensorLike, options: SortOptions = {}): Tensor {
  const { t, axis } = sortable("sort", x, options);
  return takeAlongAxis(t, engine.argsort([t], axis), { axis });
}

/**
 * Where the elements of the ascending order are found (int32). Equal ones stay in their order; NaN comes last.
 *
 * @example
 * ```ts
 * ops.argsort([30, 10, 20]).arraySync(); // → [1, 2, 0]
 * ```
 */
export function argsort(x: TensorLike, options: SortOptions = {}): Tensor {
  const { t, axis } = sortable("argsort", x, options);
  return engine.argsort([t], axis);
}

/**
 * Places (int32) in an order such that what stands at `kth` is where sorting would put it, nothing before it is larger and
 * nothing behind it smaller.
 *
 * @param kth from 0; negative ones count from the end
 *
 * @example
 * ```ts
 * ops.take(argpartition([3, 1, 2], 0), 0).item(); // → 1
 * ```
 */
export function argpartition(x: TensorLike, kth: number, options: SortOptions = {}): Tensor {
  const { t, axis } = sortable("argpartition", x, options);
  normalizeAxis(kth, t.shape[axis]!, "argpartition: kth");
  return engine.argsort([t], axis);
}

/** Options of `topK`. */
export interface TopKOptions {
  /** Whether they come in descending order. Default true; they do in any case. */
  readonly sorted?: boolean;
  /** Whether of equal elements the first ones come first. Default true; they do in any case. */
  readonly isStable?: boolean;
}

/**
 * The k largest elements along the last axis in descending order, and their places (int32).
 *
 * @returns values and indices of shape (…, k)
 *
 * @example
 * ```ts
 * const [values, indices] = ops.topK([1, 9, 4], 2);
 * values.arraySync(); // → [9, 4]
 * indices.arraySync(); // → [1, 2]
 * ```
 */
export function topK(x: TensorLike, k: number, options: TopKOptions = {}): [values: Tensor, indices: Tensor] {
  checkOptions("topK", options, ["sorted", "isStable"]);
  const t = toTensor(x);
  const n = t.shape[t.ndim - 1];
  if (n === undefined)
    throw new ShapeError("topK: expected a tensor with at least one axis. Received a scalar");
  if (!Number.isInteger(k) || k < 0 || k > n)
    throw new ValueError(
      `topK: expected k from 0 to ${n}, the length of the last axis. Received: ${show(k)}`,
    );
  const axis = t.ndim - 1;
  // The ascending order of the reversed elements, read backwards: descending, and equal ones in their order.
  const backwards = engine.argsort([engine.reverse(t, axis)], axis);
  const places = engine.subtract(n - 1, engine.reverse(backwards, axis)).at("...", [0, k]);
  return [takeAlongAxis(t, places, { axis }), places];
}

/**
 * Whether each target is among the k classes with the highest scores; classes as high as the k-th count too.
 *
 * @param targets integers of shape (batch,)
 * @param predictions of shape (batch, classes)
 *
 * @example
 * ```ts
 * ops.inTopK([1, 0], [[0.1, 0.9, 0.5], [0.1, 0.9, 0.5]], 2).arraySync(); // → [true, false]
 * ```
 */
export function inTopK(targets: TensorLike, predictions: TensorLike, k: number): Tensor {
  const [wanted, scores] = [toTensor(targets, "int32"), toTensor(predictions)];
  if (wanted.ndim !== 1 || scores.ndim !== 2 || wanted.shape[0] !== scores.shape[0]) {
    throw new ShapeError(
      `inTopK: expected targets (batch,) and predictions (batch, classes). Received: ${showShape(wanted.shape)} and ${showShape(scores.shape)}`,
    );
  }
  const own = takeAlongAxis(scores, wanted.reshape(wanted.size, 1), { axis: 1 });
  const higher = engine.sum(engine.greater(scores, own), 1);
  return engine.bitwiseAnd(engine.less(higher, k), engine.equal(own, own).reshape(wanted.size));
}

/**
 * Where values would have to go in so that an ascending vector stays in order.
 *
 * @param sortedSequence an ascending vector
 * @param options `side`: `"left"` (default) of equal elements, or `"right"`
 * @returns places (int32) of the values' shape
 *
 * @example
 * ```ts
 * ops.searchsorted([1, 2, 2, 3], [2, 5]).arraySync(); // → [1, 4]
 * ```
 */
export function searchsorted(
  sortedSequence: TensorLike,
  values: TensorLike,
  options: { readonly side?: "left" | "right" } = {},
): Tensor {
  checkOptions("searchsorted", options, ["side"]);
  const { side = "left" } = options;
  if (side !== "left" && side !== "right")
    throw new ValueError(`searchsorted: expected side "left" or "right". Received: ${show(side)}`);
  const sequence = toTensor(sortedSequence);
  if (sequence.ndim !== 1)
    throw new ShapeError(`searchsorted: expected a vector. Received shape ${showShape(sequence.shape)}`);
  const wanted = toTensor(values);
  const dtype = engine.promote(sequence.dtype, wanted.dtype);
  const [row, v] = [sequence.astype(dtype), wanted.astype(dtype)];
  const n = row.size;
  const none = engine.full(v.shape, 0, "int32");
  if (n === 0) return none;
  const before = (a: Tensor, b: Tensor): Tensor => {
    const smaller = engine.less(a, b);
    if (!isFloat(dtype)) return smaller;
    return engine.bitwiseOr(smaller, engine.bitwiseAnd(isnan(b), engine.equal(a, a)));
  };
  // Each round halves what is left between both ends.
  const rounds = Math.ceil(Math.log2(n + 1));
  const [found] = engine.loop(rounds, [none, engine.full(v.shape, n, "int32")], (_, low, high) => {
    const middle = engine.shiftRightArithmetic(engine.add(low, high), 1);
    const there = engine.take(row, engine.minimum(middle, n - 1));
    const later = side === "left" ? before(there, v) : engine.bitwiseNot(before(v, there));
    const open = engine.bitwiseAnd(engine.less(low, high), later);
    return [
      engine.where(open, engine.add(middle, 1), low),
      engine.where(engine.bitwiseAnd(engine.less(low, high), engine.bitwiseNot(later)), middle, high),
    ];
  });
  return found;
}

/**
 * The number of the bin that each value falls into: i where bins[i - 1] ≤ value < bins[i].
 *
 * @param bins ascending edges
 *
 * @example
 * ```ts
 * ops.digitize([0.5, 1, 7], [0, 1, 2]).arraySync(); // → [1, 2, 3]
 * ```
 */
export function digitize(x: TensorLike, bins: TensorLike): Tensor {
  return searchsorted(bins, x, { side: "right" });
}

/** How a quantile between two elements is found. */
export type QuantileMethod = "linear" | "lower" | "higher" | "midpoint" | "nearest";

/** Options of `quantile` and its kin. */
export interface QuantileOptions {
  /** One axis or several. Default: all. */
  readonly axis?: Axes;
  /** Between two elements: `"linear"` (default), `"lower"`, `"higher"`, `"midpoint"`, `"nearest"`. */
  readonly method?: QuantileMethod;
  /** Whether reduced axes stay, with length 1. Default false. */
  readonly keepdims?: boolean;
}

/** Quantiles of a tensor over axes; several ones stand along a new first axis. */
export type Quantile = (x: TensorLike, q: TensorLike, options?: QuantileOptions) => Tensor;

const methods: readonly string[] = ["linear", "lower", "higher", "midpoint", "nearest"];

function quantiles(name: string, unit: number, passOver: boolean): Quantile {
  return (x, q, options = {}) => {
    checkOptions(name, options, ["axis", "method", "keepdims"]);
    const { method = "linear", keepdims = false } = options;
    if (!methods.includes(method))
      throw new ValueError(`${name}: expected method ${methods.join(", ")}. Received: ${show(method)}`);
    const t = toFloat(x);
    const axes = normalizeAxes(options.axis, t.ndim, name);
    const kept = t.shape.map((_, i) => i).filter((i) => !axes.includes(i));
    const left = kept.map((i) => t.shape[i]!);
    const n = axes.reduce((m, i) => m * t.shape[i]!, 1);
    if (n === 0)
      throw new ShapeError(
        `${name}: there is no quantile of no elements. Received shape ${showShape(t.shape)}`,
      );
    const sorted = sort(t.transpose([...kept, ...axes]).reshape([...left, n]));
    const missing = isnan(sorted);
    const wanted = toTensor(q, t.dtype);
    const levels = engine.divide(wanted.flatten(), unit);
    const last = passOver
      ? engine.maximum(engine.subtract(n - 1, engine.sum(missing, -1)), 0).reshape([...left, 1])
      : engine.full([...left.map(() => 1), 1], n - 1, "int32");
    const position = engine.multiply(levels, last.astype(t.dtype));
    const at = (place: Tensor): Tensor => takeAlongAxis(sorted, place.astype("int32"), { axis: -1 });
    const [low, high] = [engine.floor(position), engine.ceil(position)];
    let found: Tensor;
    if (method === "lower") found = at(low);
    else if (method === "higher") found = at(high);
    else if (method === "nearest") found = at(engine.round(position));
    else {
      const share =
        method === "midpoint"
          ? engine.where(engine.equal(low, high), 0, 0.5)
          : engine.subtract(position, low);
      const [a, b] = [at(low), at(high)];
      const [apart, part] = [engine.subtract(b, a), engine.stopGradient(share)];
      // Of equals, and at an element itself, there is nothing between; beside an infinity a difference would be NaN.
      const none = engine.bitwiseOr(engine.equal(a, b), engine.equal(part, 0));
      const inside = engine.where(
        engine.isFinite(apart),
        engine.add(a, engine.multiply(apart, part)),
        engine.add(engine.multiply(a, engine.subtract(1, part)), engine.multiply(b, part)),
      );
      found = engine.where(none, a, inside);
    }
    const lost = passOver ? engine.all(missing, -1) : engine.any(missing, -1);
    found = engine.where(lost.reshape([...left, 1]), Number.NaN, found);
    const rest = keepdims ? t.shape.map((m, i) => (axes.includes(i) ? 1 : m)) : left;
    return moveaxis(found, -1, 0).reshape([...wanted.shape, ...rest]);
  };
}

/**
 * Quantiles over axes: the values below which shares `q` of the elements lie; NaN where one is NaN.
 *
 * @param q from 0 to 1
 *
 * @example
 * ```ts
 * ops.quantile([1, 2, 3, 4], 0.5).item(); // → 2.5
 * ```
 */
export const quantile: Quantile = /* @__PURE__ */ quantiles("quantile", 1, false);
/** Quantiles over axes, `q` being given in percent. */
export const percentile: Quantile = /* @__PURE__ */ quantiles("percentile", 100, false);
/** Quantiles over axes of what is not NaN; NaN where all is. */
export const nanquantile: Quantile = /* @__PURE__ */ quantiles("nanquantile", 1, true);
/** Quantiles over axes of what is not NaN, `q` being given in percent. */
export const nanpercentile: Quantile = /* @__PURE__ */ quantiles("nanpercentile", 100, true);

/** Options of `median` and `nanmedian`. */
export interface MedianOptions {
  /** One axis or several. Default: all. */
  readonly axis?: Axes;
  /** Whether reduced axes stay, with length 1. Default false. */
  readonly keepdims?: boolean;
}

/**
 * The median over axes: the middle element, or the mean of the middle two.
 *
 * @example
 * ```ts
 * ops.median([5, 1, 2]).item(); // → 2
 * ```
 */
export function median(x: TensorLike, options: MedianOptions = {}): Tensor {
  checkOptions("median", options, ["axis", "keepdims"]);
  return quantile(x, 0.5, options);
}

/**
 * The median over axes of what is not NaN; NaN where all is.
 *
 * @example
 * ```ts
 * nanmedian([1, NaN, 5, 2]).item(); // → 2
 * ```
 */
export function nanmedian(x: TensorLike, options: MedianOptions = {}): Tensor {
  checkOptions("nanmedian", options, ["axis", "keepdims"]);
  return nanquantile(x, 0.5, options);
}

/**
 * Whether each element of x1 is among the elements of x2.
 *
 * @param options `assumeUnique` (default false): accepted for NumPy's sake; `invert`: whether it is not (default false)
 *
 * @example
 * ```ts
 * ops.isin([1, 2, 3], [3, 1]).arraySync(); // → [true, false, true]
 * ```
 */
export function isin(
  x1: TensorLike,
  x2: TensorLike,
  options: { readonly assumeUnique?: boolean; readonly invert?: boolean } = {},
): Tensor {
  checkOptions("isin", options, ["assumeUnique", "invert"]);
  const [given, among] = [toTensor(x1), toTensor(x2)];
  const dtype = engine.promote(given.dtype, among.dtype);
  const set = sort(among.astype(dtype), { axis: null });
  const values = given.astype(dtype);
  if (set.size === 0) return engine.full(values.shape, options.invert === true, "bool");
  const place = engine.minimum(searchsorted(set, values), set.size - 1);
  const found = engine.equal(engine.take(set, place), values);
  return options.invert ? engine.bitwiseNot(found) : found;
}

/** Adds updates at places of the last axis; what lies outside is left out. */
function addAt(places: Tensor, updates: Tensor, length: number): Tensor {
  const batch = places.shape.slice(0, -1).map((_, i) => i);
  const last = batch.length;
  return engine.scatter(
    engine.full([...places.shape.slice(0, -1), length], 0, updates.dtype),
    places.reshape([...places.shape, 1]),
    updates,
    {
      offsetDims: [],
      collapsedSliceDims: [last],
      operandBatchingDims: batch,
      indicesBatchingDims: batch,
      startIndexMap: [last],
    },
    "add",
  );
}

/** Options of `bincount`. */
export interface BincountOptions {
  /** What each element counts, of the shape of x. Default: 1. */
  readonly weights?: TensorLike | null;
  /** The least number of bins. Default 0. */
  readonly minlength?: number;
  /** Only false: there are no sparse tensors. Default false. */
  readonly sparse?: boolean;
}

/**
 * How often each whole number occurs: of a vector one count for each number, of a matrix for each row.
 *
 * @param x integers that are not negative; their largest one is read to know how many bins there are
 * @throws StateError inside a compiled function, where it cannot be read
 *
 * @example
 * ```ts
 * ops.bincount([1, 1, 3]).arraySync(); // → [0, 2, 0, 1]
 * ```
 */
export function bincount(x: TensorLike, options: BincountOptions = {}): Tensor {
  checkOptions("bincount", options, ["weights", "minlength", "sparse"]);
  refuseSparse("bincount", options.sparse);
  const t = toTensor(x, "int32");
  if (t.ndim !== 1 && t.ndim !== 2)
    throw new ShapeError(`bincount: expected one or two axes. Received shape ${showShape(t.shape)}`);
  const { weights, minlength = 0 } = options;
  const most = t.size === 0 ? 0 : t.max().item() + 1;
  const updates =
    weights === undefined || weights === null ? engine.full(t.shape, 1, "int32") : toTensor(weights);
  if (!engine.sameShape(updates.shape, t.shape)) {
    throw new ShapeError(
      `bincount: weights have the shape of x. Received: x ${showShape(t.shape)}, weights ${showShape(updates.shape)}`,
    );
  }
  return addAt(t, updates, Math.max(most, minlength));
}

/**
 * How many elements fall into each of some bins of equal width.
 *
 * @param options `bins`: how many (default 10); `range`: the outer edges (default: the smallest and the largest element)
 * @returns the counts (int32) and the bins + 1 edges; the last bin includes its right edge
 *
 * @example
 * ```ts
 * const [counts, edges] = ops.histogram([0, 1, 1, 4], { bins: 2 });
 * counts.arraySync(); // → [3, 1]
 * edges.arraySync(); // → [0, 2, 4]
 * ```
 */
export function histogram(
  x: TensorLike,
  options: { readonly bins?: number; readonly range?: readonly [number, number] | null } = {},
): [counts: Tensor, edges: Tensor] {
  checkOptions("histogram", options, ["bins", "range"]);
  const { bins = 10, range = null } = options;
  if (!Number.isInteger(bins) || bins < 1)
    throw new ValueError(`histogram: expected a positive number of bins. Received: ${show(bins)}`);
  if (range !== null && !(range[0] <= range[1]))
    throw new ValueError(`histogram: expected a range [low, high]. Received: ${show(range)}`);
  const t = toFloat(x).flatten();
  const given = (value: number): Tensor => engine.full([], value, t.dtype);
  let [low, high] = range === null ? [given(0), given(1)] : [given(range[0]), given(range[1])];
  if (range === null && t.size > 0) [low, high] = [t.min(), t.max()];
  const single = engine.equal(low, high);
  low = engine.where(single, engine.subtract(low, 0.5), low);
  high = engine.where(single, engine.add(high, 0.5), high);
  const edges = linspace(low, high, { num: bins + 1, dtype: t.dtype });
  const place = engine.subtract(searchsorted(edges, t, { side: "right" }), 1);
  const inside = engine.where(engine.equal(t, high), bins - 1, place);
  return [addAt(inside, engine.full(t.shape, 1, "int32"), bins), edges];
}

/** Options of `unique`. */
export interface UniqueOptions {
  /** Whether the elements come in ascending order. Default true; they do in any case. */
  readonly sorted?: boolean;
  /** Whether to give the places where each one occurs first. Default false. */
  readonly returnIndex?: boolean;
  /** Whether to give for each element the number of its equal in the result. Default false. */
  readonly returnInverse?: boolean;
  /** Whether to give how often each one occurs. Default false. */
  readonly returnCounts?: boolean;
  /** The axis whose slices are compared. Default: the elements of the flattened tensor. */
  readonly axis?: number | null;
  /** How many to give, for compiled functions: more are cut off, for fewer comes `fillValue`. Default: all. */
  readonly size?: number | null;
  /** What fills up to `size`. Default: the smallest one. */
  readonly fillValue?: number | null;
}

/**
 * The distinct elements, or the distinct slices along an axis, in ascending order.
 *
 * @returns the elements, or a list of them and of what else was asked for: first places, inverse, counts (all int32)
 * @throws StateError inside a compiled function without `size`
 *
 * @example
 * ```ts
 * ops.unique([3, 1, 3]).arraySync(); // → [1, 3]
 * ops.unique([3, 1, 3], { returnCounts: true })[1].arraySync(); // → [1, 2]
 * ```
 */
export function unique(
  x: TensorLike,
  options: UniqueOptions &
    ({ readonly returnIndex: true } | { readonly returnInverse: true } | { readonly returnCounts: true }),
): [Tensor, Tensor, ...Tensor[]];
export function unique(
  x: TensorLike,
  options?: UniqueOptions & {
    readonly returnIndex?: false;
    readonly returnInverse?: false;
    readonly returnCounts?: false;
  },
): Tensor;
export function unique(x: TensorLike, options: UniqueOptions = {}): Tensor | Tensor[] {
  checkOptions("unique", options, [
    ...["sorted", "returnIndex", "returnInverse", "returnCounts", "axis", "size", "fillValue"],
  ]);
  const { axis = null, size = null, fillValue = null } = options;
  const given = toTensor(x);
  const at = axis === null ? 0 : normalizeAxis(axis, given.ndim, "unique");
  const t = axis === null ? given.flatten() : moveaxis(given, at, 0);
  const n = t.shape[0]!;
  const back = (slices: Tensor): Tensor => (axis === null ? slices : moveaxis(slices, 0, at));
  const rows = t.reshape(n, -1);
  const columns = Array.from({ length: n === 0 ? 0 : rows.shape[1]! }, (_, j) => rows.at("...", j));
  const order = columns.length === 0 ? engine.iota([n]) : engine.argsort(columns);
  const ordered = engine.take(rows, order);
  const [before, behind] = [ordered.at([0, Math.max(0, n - 1)]), ordered.at([1, null])];
  const same = engine.bitwiseOr(
    engine.equal(before, behind),
    engine.bitwiseAnd(isnan(before), isnan(behind)),
  );
  const fresh = engine.bitwiseNot(engine.all(same, 1));
  const groups =
    n === 0
      ? engine.iota([0])
      : cumsum(engine.concatenate([engine.full([1], 0, "int32"), fresh.astype("int32")]));
  const found = n === 0 ? 0 : undefined;
  const count = size ?? found ?? groups.at(-1).item() + 1;
  const counts = addAt(groups, engine.full([n], 1, "int32"), count);
  // The first element of each group is the first that is equal, because sorting is stable.
  const start = engine.minimum(searchsorted(groups, engine.iota([count])), Math.max(0, n - 1));
  const first = n === 0 ? engine.full([count], 0, "int32") : engine.take(order, start);
  let values = n === 0 ? engine.full([count, ...t.shape.slice(1)], 0, t.dtype) : engine.take(t, first);
  const empty = engine.equal(counts, 0).reshape([count, ...t.shape.slice(1).map(() => 1)]);
  const filler = fillValue ?? (n === 0 ? 0 : engine.take(t, order.at([0, 1])));
  if (size !== null) values = engine.where(empty, toTensor(filler, t.dtype), values);
  const inverse = engine.scatter(
    engine.full([n], 0, "int32"),
    order.reshape(n, 1),
    groups,
    {
      offsetDims: [],
      collapsedSliceDims: [0],
      operandBatchingDims: [],
      indicesBatchingDims: [],
      startIndexMap: [0],
    },
    "set",
  );
  const out = [back(values)];
  if (options.returnIndex) out.push(first);
  if (options.returnInverse) out.push(axis === null ? inverse.reshape(given.shape) : inverse);
  if (options.returnCounts) out.push(counts);
  return out.length === 1 ? out[0]! : out;
}
