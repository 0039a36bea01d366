/**
 * Operations on tensors: the primitives with NumPy's broadcasting and promotion. Everything else is composed of these.
 * Operands may be tensors, variables, numbers, nested arrays or typed arrays.
 */
import * as g from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import * as n from "../graph/numeric.ts";
import type { Attrs, Direction, IndexDims, ReduceKind, ScatterKind } from "../graph/primitives.ts";
import { asDType, type DType } from "../tensor/dtype.ts";
import { DTypeError, ShapeError } from "../tensor/errors.ts";
import { checkShape, normalizeAxes, normalizeAxis, type Shape, showShape } from "../tensor/shape.ts";
import { int32, takeNode } from "./indexing.ts";
import { type Axes, combine, operand, Tensor, type TensorLike, toTensor, wrap } from "./tensor.ts";

/** An operation of one operand. */
export type Unary = (x: TensorLike) => Tensor;
/** An operation of two operands, broadcast together. */
export type Binary = (x: TensorLike, y: TensorLike) => Tensor;

function onNode(x: TensorLike, fn: (node: Node) => Node): Tensor {
  const t = toTensor(x);
  return wrap(fn(t.node), t);
}

const float =
  (op: g.PlainPrimitive): Unary =>
  (x) =>
    onNode(x, (node) => n.unaryFloat(op, node));
const plain =
  (op: g.PlainPrimitive): Unary =>
  (x) =>
    onNode(x, (node) => g.apply(op, node.dtype === "bool" ? g.convert(node, "int32") : node));
const pair =
  (op: g.PlainPrimitive): Binary =>
  (x, y) =>
    combine(x, y, (a, b) => n.binary(op, a, b));
const floatPair =
  (op: g.PlainPrimitive): Binary =>
  (x, y) =>
    combine(x, y, (a, b) => n.binaryFloat(op, a, b));
const test =
  (direction: Direction): Binary =>
  (x, y) =>
    combine(x, y, (a, b) => n.comparison(direction, a, b));

/** e to the power of x. */
export const exp: Unary = float("exponential");
/** exp(x) - 1, exact for small x. */
export const expm1: Unary = float("exponential_minus_one");
/** The natural logarithm. */
export const log: Unary = float("log");
/** log(1 + x), exact for small x. */
export const log1p: Unary = float("log_plus_one");
/** The square root. */
export const sqrt: Unary = float("sqrt");
/** 1 / sqrt(x). */
export const rsqrt: Unary = float("rsqrt");
/** The cube root. */
export const cbrt: Unary = float("cbrt");
/** The logistic function, 1 / (1 + exp(-x)). */
export const sigmoid: Unary = float("logistic");
/** The sine of x in radians. */
export const sin: Unary = float("sine");
/** The cosine of x in radians. */
export const cos: Unary = float("cosine");
/** The tangent of x in radians. */
export const tan: Unary = float("tan");
/** The inverse sine, in radians. */
export const arcsin: Unary = float("asin");
/** The inverse cosine, in radians. */
export const arccos: Unary = float("acos");
/** The inverse tangent, in radians. */
export const arctan: Unary = float("atan");
/** The hyperbolic sine. */
export const sinh: Unary = float("sinh");
/** The hyperbolic cosine. */
export const cosh: Unary = float("cosh");
/** The hyperbolic tangent. */
export const tanh: Unary = float("tanh");
/** The inverse hyperbolic sine. */
export const arcsinh: Unary = float("asinh");
/** The inverse hyperbolic cosine. */
export const arccosh: Unary = float("acosh");
/** The inverse hyperbolic tangent. */
export const arctanh: Unary = float("atanh");
/** The error function. */
export const erf: Unary = float("erf");
/** The inverse of the error function. */
export const erfinv: Unary = float("erf_inv");
/** The largest whole number that is not larger. */
export const floor: Unary = float("floor");
/** The smallest whole number that is not smaller. */
export const ceil: Unary = float("ceil");
/** The nearest whole number; halves go to the even one. */
export const round: Unary = float("round_nearest_even");
/** The absolute value. */
export const abs: Unary = plain("abs");
/** -x. */
export const negate: Unary = plain("negate");
/** -1, 0 or 1. */
export const sign: Unary = plain("sign");
/** Whether elements are neither NaN nor infinite. */
export const isFinite: Unary = (x) => onNode(x, (node) => n.unaryFloat("is_finite", node));

/** x + y. */
export const add: Binary = pair("add");
/** x - y. */
export const subtract: Binary = pair("subtract");
/** x · y. */
export const multiply: Binary = pair("multiply");
/** x / y; integers give float32. */
export const divide: Binary = floatPair("divide");
/** Integer quotient cut towards zero, or float quotient. */
export const truncatedDivide: Binary = pair("divide");
/** The remainder with the sign of x. */
export const remainder: Binary = pair("remainder");
/** x to the power of y. */
export const power: Binary = pair("power");
/** The larger of both; NaN if either is. */
export const maximum: Binary = pair("maximum");
/** The smaller of both; NaN if either is. */
export const minimum: Binary = pair("minimum");
/** The angle of the point (y, x), in radians: arctan2(y, x). */
export const arctan2: Binary = floatPair("atan2");
/** Bitwise and; logical and of booleans. */
export const bitwiseAnd: Binary = pair("and");
/** Bitwise or; logical or of booleans. */
export const bitwiseOr: Binary = pair("or");
/** Bitwise exclusive or. */
export const bitwiseXor: Binary = pair("xor");
/** Bitwise not; logical not of booleans. */
export const bitwiseNot: Unary = (x) => onNode(x, (node) => g.apply("not", node));
/** Bits moved to the left. */
export const shiftLeft: Binary = pair("shift_left");
/** Bits moved to the right, zeros coming in. */
export const shiftRightLogical: Binary = pair("shift_right_logical");
/** Bits moved to the right, the sign coming in. */
export const shiftRightArithmetic: Binary = pair("shift_right_arithmetic");
/** x == y. */
export const equal: Binary = test("EQ");
/** x != y. */
export const notEqual: Binary = test("NE");
/** x < y. */
export const less: Binary = test("LT");
/** x <= y. */
export const lessEqual: Binary = test("LE");
/** x > y. */
export const greater: Binary = test("GT");
/** x >= y. */
export const greaterEqual: Binary = test("GE");

/** Elements of x where the condition holds, else of y. */
export function where(condition: TensorLike, x: TensorLike, y: TensorLike): Tensor {
  const c = toTensor(condition);
  const [a, b] = [operand(x), operand(y)];
  const from = [c, a, b].filter((t) => t instanceof Tensor);
  return wrap(n.select(c.node, a instanceof Tensor ? a.node : a, b instanceof Tensor ? b.node : b), ...from);
}

/**
 * The elements in another dtype.
 *
 * @example
 * ```ts
 * cast([0.5, 1.9], "int32").arraySync(); // → [0, 1]
 * ```
 */
export function cast(x: TensorLike, dtype: DType): Tensor {
  return onNode(x, (node) => g.convert(node, asDType(dtype, "cast")));
}

/** The same 32 bits read as another 32-bit dtype. */
export function bitcast(x: TensorLike, dtype: DType): Tensor {
  return onNode(x, (node) => g.build("bitcast_convert", [node], { dtype }));
}

/** The value as a constant for gradients. */
export const stopGradient: Unary = (x) => onNode(x, (node) => g.apply("stop_gradient", node));

/** A tensor with one number in every element. */
export function full(shape: Shape, value: number | boolean, dtype: DType = "float32"): Tensor {
  return new Tensor(
    g.constant(Number(value), { shape: checkShape(shape, "full"), dtype: asDType(dtype, "full") }),
  );
}

/** A tensor whose elements are their positions along an axis. */
export function iota(shape: Shape, axis = 0, dtype: DType = "int32"): Tensor {
  return new Tensor(
    g.iota(checkShape(shape, "iota"), normalizeAxis(axis, shape.length, "iota"), asDType(dtype, "iota")),
  );
}

/** The same elements in another shape; one length may be -1. */
export function reshape(x: TensorLike, shape: Shape): Tensor {
  return toTensor(x).reshape(shape);
}

/** Axes in another order, reversed by default. */
export function transpose(x: TensorLike, axes?: readonly number[]): Tensor {
  return toTensor(x).transpose(axes);
}

/**
 * Repeats axes of length 1 and adds axes in front.
 *
 * @throws ShapeError when the shape does not go with that of x
 *
 * @example
 * ```ts
 * broadcastTo([1, 2], [2, 2]).arraySync(); // → [[1, 2], [1, 2]]
 * ```
 */
export function broadcastTo(x: TensorLike, shape: Shape): Tensor {
  return onNode(x, (node) => {
    const skip = shape.length - node.shape.length;
    const fits = skip >= 0 && node.shape.every((m, i) => m === 1 || m === shape[i + skip]);
    if (!fits)
      throw new ShapeError(`broadcastTo: cannot broadcast ${showShape(node.shape)} to ${showShape(shape)}`);
    return g.broadcastTo(node, checkShape(shape, "broadcastTo"));
  });
}

/** Tensors one after the other along an axis. */
export function concatenate(xs: readonly TensorLike[], axis = 0): Tensor {
  const tensors = xs.map((x) => toTensor(x));
  if (tensors.length === 0) throw new ShapeError("concatenate: needs at least one tensor");
  const nodes = tensors.map((t) => t.node);
  const dtype = n.commonDType(...nodes);
  const at = normalizeAxis(axis, nodes[0]!.shape.length, "concatenate");
  return wrap(
    g.build(
      "concatenate",
      nodes.map((x) => g.convert(x, dtype)),
      { axis: at },
    ),
    ...tensors,
  );
}

/** Elements put before, behind and (interior) between those of x; negative widths cut. */
export function pad(x: TensorLike, value: TensorLike, attrs: Attrs["pad"]): Tensor {
  return onNode(x, (node) => g.build("pad", [node, toTensor(value, node.dtype).node], attrs));
}

/** Elements in reverse order along axes. */
export function reverse(x: TensorLike, axes?: Axes): Tensor {
  return onNode(x, (node) =>
    g.build("reverse", [node], { axes: normalizeAxes(axes, node.shape.length, "reverse") }),
  );
}

/** The block from `start` up to `limit`. */
export function slice(
  x: TensorLike,
  start: readonly number[],
  limit: readonly number[],
  strides?: readonly number[],
): Tensor {
  return onNode(x, (node) => g.slice(node, start, limit, strides));
}

const starts = (at: readonly TensorLike[]): Node[] =>
  at.map((s) => (typeof s === "number" ? int32(s) : toTensor(s, "int32").node));

/** A block whose place is known only at run time; it is moved so that it lies inside. */
export function dynamicSlice(x: TensorLike, start: readonly TensorLike[], sizes: Shape): Tensor {
  return onNode(x, (node) => g.build("dynamic_slice", [node, ...starts(start)], { sizes }));
}

/** A copy of x with a block replaced. */
export function dynamicUpdateSlice(x: TensorLike, update: TensorLike, start: readonly TensorLike[]): Tensor {
  return onNode(x, (node) => {
    return g.build("dynamic_update_slice", [node, toTensor(update, node.dtype).node, ...starts(start)], {});
  });
}

/** Elements of x at integer indices along an axis; negative ones count from the end. */
export function take(x: TensorLike, indices: TensorLike, axis = 0): Tensor {
  return onNode(x, (node) =>
    takeNode(node, toTensor(indices).node, normalizeAxis(axis, node.shape.length, "take")),
  );
}

/** StableHLO's gather: slices of x at index vectors. */
export function gather(x: TensorLike, indices: TensorLike, attrs: Attrs["gather"]): Tensor {
  return onNode(x, (node) => g.build("gather", [node, toTensor(indices, "int32").node], attrs));
}

/** StableHLO's scatter: a copy of x with updates at index vectors. */
export function scatter(
  x: TensorLike,
  indices: TensorLike,
  updates: TensorLike,
  dims: IndexDims,
  kind: ScatterKind,
): Tensor {
  return onNode(x, (node) => {
    const operands = [node, toTensor(indices, "int32").node, toTensor(updates, node.dtype).node];
    return g.build("scatter", operands, { ...dims, kind });
  });
}

function reduction(kind: ReduceKind, x: TensorLike, axes: Axes): Tensor {
  return onNode(x, (node) => {
    const logical = kind === "and" || kind === "or";
    const typed = logical ? g.convert(node, "bool") : node.dtype === "bool" ? g.convert(node, "int32") : node;
    return g.reduce(kind, typed, normalizeAxes(axes, node.shape.length, `reduce ${kind}`));
  });
}

/** The sum over axes (all by default). */
export function sum(x: TensorLike, axes?: Axes): Tensor {
  return reduction("sum", x, axes);
}

/** The product over axes. */
export function prod(x: TensorLike, axes?: Axes): Tensor {
  return reduction("prod", x, axes);
}

/** The largest element over axes; of no elements it is an error. */
export function max(x: TensorLike, axes?: Axes): Tensor {
  return toTensor(x).max(axes);
}

/** The smallest element over axes; of no elements it is an error. */
export function min(x: TensorLike, axes?: Axes): Tensor {
  return toTensor(x).min(axes);
}

/** Whether all elements over axes are true (not zero). */
export function all(x: TensorLike, axes?: Axes): Tensor {
  return reduction("and", x, axes);
}

/** Whether any element over axes is true (not zero). */
export function any(x: TensorLike, axes?: Axes): Tensor {
  return reduction("or", x, axes);
}

function argReduce(kind: "max" | "min", x: TensorLike, axis: number): Tensor {
  return onNode(x, (node) => {
    const at = normalizeAxis(axis, node.shape.length, `arg${kind}`);
    return g.build("arg_reduce", [node.dtype === "bool" ? g.convert(node, "int32") : node], {
      kind,
      axis: at,
    });
  });
}

/** The position of the largest element along an axis: the first one, or the first NaN. */
export function argmax(x: TensorLike, axis = -1): Tensor {
  return argReduce("max", x, axis);
}

/** The position of the smallest element along an axis: the first one, or the first NaN. */
export function argmin(x: TensorLike, axis = -1): Tensor {
  return argReduce("min", x, axis);
}

/** StableHLO's dot_general: products summed over contracting axes, batch axes kept apart. */
export function dotGeneral(x: TensorLike, y: TensorLike, attrs: Attrs["dot_general"]): Tensor {
  const [a, b] = [toTensor(x), toTensor(y)];
  const dtype = n.commonDType(a.node, b.node);
  if (dtype === "bool") throw new DTypeError("dotGeneral: expected numbers. Received: bool, bool");
  return wrap(g.dotGeneral(g.convert(a.node, dtype), g.convert(b.node, dtype), attrs), a, b);
}

/** Matrix product by NumPy's rules. */
export function matmul(x: TensorLike, y: TensorLike): Tensor {
  return toTensor(x).matmul(y);
}

/** Uniform random bits: element i depends on the key and i alone (threefry2x32). */
export function randomBits(key: TensorLike, shape: Shape): Tensor {
  return onNode(key, (node) =>
    g.build("rng_bit_generator", [node], { shape: checkShape(shape, "randomBits") }),
  );
}
