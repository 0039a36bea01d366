/** Primitives that make one element of many: products, convolutions, windows, reductions. */
import {
  freeAxes,
  isPrimitive as is,
  isFloat,
  isInteger,
  type Node,
  UnsupportedError,
} from "../../../engine/index.ts";
import { type Dim, type Dims, fixed, product, sameDims } from "./dims.ts";
import { elementTypes } from "./proto.ts";
import type { Values } from "./values.ts";
import { padded } from "./views.ts";

/** Translates one node, if it is of this kind. */
export function contraction(values: Values, node: Node): boolean {
  if (is(node, "dot_general")) dot(values, node);
  else if (is(node, "convolution")) convolution(values, node);
  else if (is(node, "reduce_window")) windows(values, node);
  else if (is(node, "reduce")) reduce(values, node);
  else if (is(node, "arg_reduce")) {
    const { kind, axis } = node.attrs;
    const x = node.inputs[0]!;
    let array = values.whole(x);
    if (!isFloat(x.dtype)) {
      const to = x.dtype === "uint32" ? "int64" : "int32";
      array = values.emitter.op("Cast", [array], { to: elementTypes[to] });
    }
    const found = values.emitter.op(kind === "max" ? "ArgMax" : "ArgMin", [array], { axis, keepdims: 0 });
    values.setWhole(node, values.emitter.op("Cast", [found], { to: elementTypes.int32 }));
  } else if (is(node, "arg_sort")) values.setWhole(node, sort(values, node));
  else return false;
  return true;
}

function dot(values: Values, node: Node<"dot_general">): void {
  const { emitter } = values;
  const [x, y] = node.inputs as [Node, Node];
  const { lhsBatch, rhsBatch, lhsContracting, rhsContracting } = node.attrs;
  const [left, right] = [values.shape(x), values.shape(y)];
  const lhsFree = freeAxes(x.shape.length, lhsBatch, lhsContracting);
  const rhsFree = freeAxes(y.shape.length, rhsBatch, rhsContracting);
  const pick = (dims: Dims, axes: readonly number[]): Dims => axes.map((i) => dims[i]!);
  const batch = pick(left, lhsBatch);
  const [m, n] = [pick(left, lhsFree), pick(right, rhsFree)];
  const k = pick(left, lhsContracting);
  const a = values.transposed(values.whole(x), [...lhsBatch, ...lhsFree, ...lhsContracting]);
  const b = values.transposed(values.whole(y), [...rhsBatch, ...rhsContracting, ...rhsFree]);
  const result = values.shape(node);
  const shaped = (name: string, now: Dims, want: Dims): string =>
    sameDims(now, want) ? name : values.reshaped(name, want);
  // A matrix on the right multiplies any number of rows, in however many axes they stand.
  const rowsStay = batch.length === 0 && m.length > 0;
  const rows = rowsStay ? m : [product(m)];
  const [cols, depth] = [product(n), product(k)];
  const l = shaped(a, [...batch, ...m, ...k], [...batch, ...rows, depth]);
  const r = shaped(b, [...batch, ...k, ...n], [...batch, depth, cols]);
  const multiplied = emitter.op("MatMul", [l, r]);
  values.setWhole(node, shaped(multiplied, [...batch, ...rows, cols], result));
}

/** Axes in the order of ONNX: samples, features, then space; and back. */
const channelsFirst = (rank: number): number[] => [0, rank - 1, ...range(1, rank - 1)];
const channelsLast = (rank: number): number[] => [0, ...range(2, rank), 1];
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** Zeros, or what is less than everything, around the space of an array, which operators add by themselves. */
function borders(
  x: Node,
  around: number,
): {
  readonly x: Node;
  readonly pad: Node<"pad"> | undefined;
  readonly low: number[];
  readonly high: number[];
} {
  const space = range(1, x.shape.length - 1);
  const none = { x, pad: undefined, low: space.map(() => 0), high: space.map(() => 0) };
  if (!is(x, "pad")) return none;
  const { low, high, interior } = x.attrs;
  const [, value] = x.inputs as [Node, Node];
  const fits =
    is(value, "constant") &&
    value.attrs.value === around &&
    interior.every((n) => n === 0) &&
    low.every((n, i) => (space.includes(i) ? n >= 0 && high[i]! >= 0 : n === 0 && high[i] === 0));
  if (!fits) return none;
  return { x: x.inputs[0]!, pad: x, low: space.map((i) => low[i]!), high: space.map((i) => high[i]!) };
}

function convolution(values: Values, node: Node<"convolution">): void {
  const { emitter } = values;
  const [x, kernel] = node.inputs as [Node, Node];
  const rank = x.shape.length;
  const { strides, dilations, groups } = node.attrs;
  if (!isFloat(node.dtype)) throw new UnsupportedError(`export: ONNX has no convolution of ${node.dtype}`);
  if (rank === 2) {
    // Without space there is one window, of one element.
    const one = fixed(1);
    const [samples, out] = values.shape(node) as [Dim, Dim];
    const array = values.reshaped(values.whole(x), [...values.shape(x), one]);
    const [inside] = values.shape(kernel) as [Dim, Dim];
    const weights = values.reshaped(values.transposed(values.whole(kernel), [1, 0]), [out, inside, one]);
    const made = emitter.op("Conv", [array, weights], { group: groups, kernel_shape: [1] });
    return values.setWhole(node, values.reshaped(made, [samples, out]));
  }
  // (window, features in, features out) becomes (features out, features in, window).
  const weights = values.transposed(values.whole(kernel), [rank - 1, rank - 2, ...range(0, rank - 2)]);
  const attributes = { dilations, group: groups, kernel_shape: kernel.shape.slice(0, -2) };
  const spread = transposedConvolution(values, node);
  let made: string;
  if (spread === undefined) {
    const { x: inside, low, high } = borders(x, 0);
    const array = values.transposed(values.whole(inside), channelsFirst(rank));
    made = emitter.op("Conv", [array, weights], { ...attributes, strides, pads: [...low, ...high] });
  } else made = spread;
  values.setWhole(node, values.transposed(made, channelsLast(rank)));
}

/** A convolution of an array with zeros between its elements, as the operator that does without them. */
function transposedConvolution(values: Values, node: Node<"convolution">): string | undefined {
  const [x, kernel] = node.inputs as [Node, Node];
  const { strides, dilations, groups } = node.attrs;
  if (!is(x, "pad") || groups !== 1 || strides.some((s) => s !== 1)) return undefined;
  const { low, high, interior } = x.attrs;
  const [array, value] = x.inputs as [Node, Node];
  const rank = x.shape.length;
  const space = range(1, rank - 1);
  if (!is(value, "constant") || value.attrs.value !== 0 || interior.every((n) => n === 0)) return undefined;
  if ([0, rank - 1].some((i) => low[i] !== 0 || high[i] !== 0 || interior[i] !== 0)) return undefined;
  const reach = space.map((_, i) => (kernel.shape[i]! - 1) * dilations[i]!);
  // What the operator cuts off at the ends, or adds at the far end.
  const begin = space.map((axis, i) => reach[i]! - low[axis]!);
  const end = space.map((axis, i) => reach[i]! - high[axis]!);
  const extra = end.map((n) => Math.max(0, -n));
  if (begin.some((n) => n < 0) || extra.some((n, i) => n > interior[space[i]!]!)) return undefined;
  const { emitter } = values;
  // The kernel is read backwards: (window, in, out) becomes (in, out, window reversed).
  const ends = (n: number): string => emitter.ints(space.map(() => n));
  const axes = emitter.ints(space.map((axis) => axis - 1));
  const flipped = emitter.op("Slice", [values.whole(kernel), ends(-1), ends(-(2 ** 31)), axes, ends(-1)]);
  const weights = values.transposed(flipped, [rank - 2, rank - 1, ...range(0, rank - 2)]);
  return emitter.op("ConvTranspose", [values.transposed(values.whole(array), channelsFirst(rank)), weights], {
    strides: space.map((axis) => interior[axis]! + 1),
    dilations,
    kernel_shape: kernel.shape.slice(0, -2),
    pads: [...begin, ...end.map((n) => Math.max(0, n))],
    output_padding: extra,
  });
}

function windows(values: Values, node: Node<"reduce_window">): void {
  const { emitter } = values;
  const x = node.inputs[0]!;
  const rank = x.shape.length;
  const { window, strides, dilations, kind } = node.attrs;
  const moving = range(0, rank).filter((i) => window[i] !== 1 || strides[i] !== 1);
  if (moving.length === 0) return values.set(node, values.get(x));
  const result = values.shape(node);
  const number = (n: number): string => values.number("float32", n);
  const float = (name: string): string =>
    isInteger(node.dtype) ? emitter.op("Cast", [name], { to: elementTypes.float32 }) : name;
  const back = (name: string): string =>
    isInteger(node.dtype) ? emitter.op("Cast", [name], { to: elementTypes[node.dtype] }) : name;
  const standing = range(0, rank).filter((i) => !moving.includes(i));
  // Images and the like: samples and features stand.
  const plain = rank >= 3 && rank <= 5 && standing.includes(0) && standing.includes(rank - 1);
  const space = plain ? range(1, rank - 1) : moving;
  const sizes = (list: readonly number[]): number[] => space.map((i) => list[i]!);
  const low = kind === "max" ? Number.NEGATIVE_INFINITY : 0;
  const border =
    plain && kind !== "min" ? borders(x, low) : { x, low: space.map(() => 0), high: space.map(() => 0) };
  const dims = values.shape(border.x);
  let array = float(
    border.x === x && is(x, "pad") && !values.has(x) ? padded(values, x) : values.whole(border.x),
  );
  const order = plain ? channelsFirst(rank) : [...standing, ...space];
  array = values.transposed(array, order);
  const others = product(standing.map((i) => dims[i]!));
  if (!plain) array = values.reshaped(array, [others, fixed(1), ...space.map((i) => dims[i]!)]);
  const shape = {
    kernel_shape: sizes(window),
    strides: sizes(strides),
    pads: [...border.low, ...border.high],
  };
  const undilated = dilations.every((d) => d === 1);
  let made: string;
  if (kind === "max") made = emitter.op("MaxPool", [array], { ...shape, dilations: sizes(dilations) });
  else if (kind === "min") {
    const pooled = emitter.op("MaxPool", [emitter.op("Neg", [array])], {
      ...shape,
      dilations: sizes(dilations),
    });
    made = emitter.op("Neg", [pooled]);
  } else if (undilated) {
    const mean = emitter.op("AveragePool", [array], { ...shape, count_include_pad: 1 });
    const size = shape.kernel_shape.reduce((a, b) => a * b, 1);
    made = emitter.op("Mul", [
      mean,
      node.dtype === "float64" ? values.number("float64", size) : number(size),
    ]);
  } else {
    const features = plain ? x.shape[rank - 1]! : 1;
    const ones = new Float32Array(features * shape.kernel_shape.reduce((a, b) => a * b, 1)).fill(1);
    const kernel = emitter.constant("float32", [features, 1, ...shape.kernel_shape], ones);
    made = emitter.op("Conv", [array, kernel], { ...shape, dilations: sizes(dilations), group: features });
  }
  if (!plain)
    made = values.reshaped(
      made,
      order.map((i) => result[i]!),
    );
  const inverse = order.map((_, i) => order.indexOf(i));
  values.setWhole(node, back(values.transposed(made, inverse)));
}

const reductions = { sum: "ReduceSum", prod: "ReduceProd", max: "ReduceMax", min: "ReduceMin" } as const;

function reduce(values: Values, node: Node<"reduce">): void {
  const { emitter } = values;
  const x = node.inputs[0]!;
  const { axes, kind } = node.attrs;
  if (axes.length === 0) return values.set(node, values.get(x));
  const logical = kind === "and" || kind === "or";
  const narrow = logical || (isInteger(x.dtype) && x.dtype !== "int32");
  const working = logical
    ? elementTypes.int32
    : x.dtype === "uint32"
      ? elementTypes.int64
      : elementTypes.int32;
  let array = values.whole(x);
  if (narrow) array = emitter.op("Cast", [array], { to: working });
  const what = kind === "and" ? "ReduceMin" : kind === "or" ? "ReduceMax" : reductions[kind];
  let made = emitter.op(what, [array, emitter.ints(axes)], { keepdims: 0 });
  if (narrow) made = emitter.op("Cast", [made], { to: elementTypes[node.dtype] });
  values.setWhole(node, made);
}

/** The order of the last key first, then of those ahead of it, each of which keeps the order where it is equal. */
function sort(values: Values, node: Node<"arg_sort">): string {
  const { emitter } = values;
  const { axis } = node.attrs;
  const length = emitter.length(values.shape(node)[axis]!);
  const order = (key: string): string =>
    emitter.apply("TopK", [key, length], { axis, largest: 0, sorted: 1 }, 2)[1]!;
  let places: string | undefined;
  for (const input of node.inputs.toReversed()) {
    let key = values.whole(input);
    if (input.dtype !== "float32" && input.dtype !== "float64") {
      const to = input.dtype === "bool" || isInteger(input.dtype) ? elementTypes.int64 : elementTypes.float32;
      key = emitter.op("Cast", [key], { to });
    }
    if (places === undefined) places = order(key);
    else {
      const next = order(emitter.op("GatherElements", [key, places], { axis }));
      places = emitter.op("GatherElements", [places, next], { axis });
    }
  }
  return emitter.op("Cast", [places!], { to: elementTypes.int32 });
}
