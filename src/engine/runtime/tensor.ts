/** The tensor that users hold: immutable, lazy, read when asked. */

import { apply, constant, convert, reduce, reshape, transpose } from "../graph/build.ts";
import type { Node } from "../graph/node.ts";
import { binary, binaryFloat, floatOf, matmul, type Operand } from "../graph/numeric.ts";
import {
  arrayFrom,
  arrayOf,
  byteWidth,
  type DType,
  dtypes,
  isFloat,
  isHalf,
  type TypedArray,
} from "../tensor/dtype.ts";
import { DisposedError, DTypeError, ShapeError, show, ValueError } from "../tensor/errors.ts";
import { checkShape, normalizeAxes, normalizeAxis, type Shape, showShape, sizeOf } from "../tensor/shape.ts";
import { defineDisplay } from "./display.ts";
import { evaluate, forgetfulLeaf, hostValue, knownValue, leaf } from "./evaluate.ts";
import { formatTensor } from "./format.ts";
import { type IndexSpec, indexNode } from "./indexing.ts";
import { currentTrace } from "./trace.ts";

/** Nested arrays of numbers, as deep as the tensor has axes. */
export type NestedArray = number | boolean | readonly NestedArray[];

/** Whatever can be used as a tensor. */
export type TensorLike = Tensor | TensorHolder | TypedArray | NestedArray;

/** Something that stands for a tensor, such as a variable. */
export interface TensorHolder {
  readonly value: Tensor;
}

/** What an object says that stands for tensors, but has no values and so cannot become one. */
export const withoutValues: unique symbol = Symbol("withoutValues");

/** Axes of a reduction: one, several, or all when absent. */
export type Axes = number | readonly number[] | null | undefined;

/** Operations that may wait in a row before they are computed without being asked. */
const longestWait = 256;
/**
 * How many operations in a row, and how many bytes of their values, a tensor remembers for gradients. A loop that goes on
 * from tensor to tensor for ever would otherwise keep everything it ever computed.
 */
const longestMemory = { operations: 1000, bytes: 1 << 28 };

/** What lies behind a tensor, at most: operations not computed yet, operations and bytes remembered. */
export interface Past {
  readonly waiting: number;
  readonly operations: number;
  readonly bytes: number;
}

const noPast: Past = { waiting: 0, operations: 0, bytes: 0 };

/**
 * An immutable n-dimensional array of one dtype.
 *
 * Operations on tensors are synchronous and lazy: they note what is to be computed, and one compiled program computes
 * it when a value is read. Memory needs no care: it is garbage-collected, whether or not `dispose` or `using` gives it
 * back early.
 *
 * @example
 * ```ts
 * const x = tensor([[1, 2], [3, 4]]);
 * x.add(1).matmul(x).arraySync(); // → [[11, 16], [19, 28]]
 * ```
 */
export class Tensor {
  /** The lengths of the axes. */
  readonly shape: Shape;
  /** The type of the elements. */
  readonly dtype: DType;
  #node: Node | undefined;
  /** What lies behind it; for the runtime. */
  readonly past: Past;

  /** Wraps a node; `tensor()` makes tensors from values. */
  constructor(node: Node, past: Past = noPast) {
    this.shape = node.shape;
    this.dtype = node.dtype;
    this.#node = node;
    this.past = past;
  }

  /** The node of the graph that computes this tensor. */
  get node(): Node {
    if (this.#node === undefined) {
      throw new DisposedError(
        `This tensor of shape ${showShape(this.shape)} was disposed and cannot be used any more.`,
      );
    }
    return this.#node;
  }

  /** The number of axes. */
  get ndim(): number {
    return this.shape.length;
  }

  /** The number of elements. */
  get size(): number {
    return sizeOf(this.shape);
  }

  /**
   * The elements in row-major order, as a typed array of the dtype (a Float32Array for `float16` and `bfloat16`).
   *
   * @throws StateError inside a compiled function, where tensors have no values
   */
  dataSync(): TypedArray {
    return this.#read().slice();
  }

  /** The elements in row-major order. */
  async data(): Promise<TypedArray> {
    return this.dataSync();
  }

  /** The elements as nested arrays; a number for a scalar. Booleans come as booleans. */
  arraySync(): NestedArray {
    return nest(this.#read(), this.shape, this.dtype === "bool");
  }

  /** The elements as nested arrays; a number for a scalar. */
  async array(): Promise<NestedArray> {
    return this.arraySync();
  }

  /**
   * The only element of a tensor of size 1.
   *
   * @throws ShapeError when there are more or none
   */
  item(): number {
    if (this.size !== 1)
      throw new ShapeError(`item: expected one element. Received shape ${showShape(this.shape)}`);
    return this.#read()[0]!;
  }

  #read(): TypedArray {
    return hostValue(this.node);
  }

  /** Gives the memory back now. Using the tensor afterwards throws DisposedError. */
  dispose(): void {
    this.#node = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The same elements in another shape; one length may be -1, which means "whatever is left". */
  reshape(...shape: readonly number[] | readonly [Shape]): Tensor {
    const target = (Array.isArray(shape[0]) ? shape[0] : shape) as Shape;
    return wrap(reshape(this.node, inferShape(target, this.shape)), this);
  }

  /** Axes in another order, reversed by default. */
  transpose(axes?: readonly number[]): Tensor {
    const n = this.ndim;
    const order = axes?.map((a) => normalizeAxis(a, n, "transpose")) ?? this.shape.map((_, i) => n - 1 - i);
    return wrap(transpose(this.node, order), this);
  }

  /** The transpose. */
  get T(): Tensor {
    return this.transpose();
  }

  /** All elements along one axis. */
  flatten(): Tensor {
    return this.reshape(this.size);
  }

  /** The elements in another dtype. Floats are cut towards zero for integers and saturate. */
  astype(dtype: DType): Tensor {
    return wrap(convert(this.node, checkDType(dtype)), this);
  }

  /**
   * Elements by index, as NumPy's `x[…]`: a number picks (and drops the axis), `[start, stop]` or `[start, stop, step]`
   * slices, `null` adds an axis, `"..."` stands for all axes between, an integer tensor gathers. Negative numbers count
   * from the end.
   *
   * @example
   * ```ts
   * tensor([[1, 2, 3], [4, 5, 6]]).at(-1, [0, 2]).arraySync(); // → [4, 5]
   * ```
   */
  at(...index: readonly (IndexSpec | Tensor)[]): Tensor {
    const spec = index.map((i) => (i instanceof Tensor ? i.node : i));
    return wrap(indexNode(this.node, spec), this, ...index.filter((i) => i instanceof Tensor));
  }

  /** Rows from `start` up to `stop`, like `x[start:stop]`. */
  slice(start: number, stop?: number): Tensor {
    return this.at([start, stop ?? null]);
  }

  /** The sum, element by element. */
  add(other: TensorLike): Tensor {
    return combine(this, other, (x, y) => binary("add", x, y));
  }

  /** The difference, element by element. */
  subtract(other: TensorLike): Tensor {
    return combine(this, other, (x, y) => binary("subtract", x, y));
  }

  /** The product, element by element. */
  multiply(other: TensorLike): Tensor {
    return combine(this, other, (x, y) => binary("multiply", x, y));
  }

  /** True division: integers give float32. */
  divide(other: TensorLike): Tensor {
    return combine(this, other, (x, y) => binaryFloat("divide", x, y));
  }

  /** The power, element by element. */
  power(other: TensorLike): Tensor {
    return combine(this, other, (x, y) => binary("power", x, y));
  }

  /** Matrix product by NumPy's rules. */
  matmul(other: TensorLike): Tensor {
    const y = toTensor(other);
    return wrap(matmul(this.node, y.node), this, y);
  }

  /** The negative of each element. */
  negate(): Tensor {
    return wrap(apply("negate", this.node), this);
  }

  /** The sum over axes. Booleans count as 0 and 1. */
  sum(axes?: Axes, options?: { keepdims?: boolean }): Tensor {
    const x = this.dtype === "bool" ? convert(this.node, "int32") : this.node;
    return this.#reduced(reduce("sum", x, normalizeAxes(axes, this.ndim, "sum")), axes, options);
  }

  /** The mean over axes; integers give float32. Of 16-bit floats the sum, which may not fit, is kept in float32. */
  mean(axes?: Axes, options?: { keepdims?: boolean }): Tensor {
    const list = normalizeAxes(axes, this.ndim, "mean");
    const count = list.reduce((n, a) => n * this.shape[a]!, 1);
    const dtype = floatOf(this.dtype);
    const total = reduce("sum", convert(this.node, isHalf(dtype) ? "float32" : dtype), list);
    return this.#reduced(convert(binaryFloat("divide", total, count), dtype), axes, options);
  }

  /** The largest element over axes; NaN if there is one. */
  max(axes?: Axes, options?: { keepdims?: boolean }): Tensor {
    return this.#extreme("max", axes, options);
  }

  /** The smallest element over axes; NaN if there is one. */
  min(axes?: Axes, options?: { keepdims?: boolean }): Tensor {
    return this.#extreme("min", axes, options);
  }

  #extreme(kind: "max" | "min", axes: Axes, options?: { keepdims?: boolean }): Tensor {
    const list = normalizeAxes(axes, this.ndim, kind);
    if (list.some((a) => this.shape[a] === 0)) {
      throw new ShapeError(
        `${kind}: there is no ${kind} of no elements. Received shape ${showShape(this.shape)}`,
      );
    }
    const logical = kind === "max" ? "or" : "and";
    return this.#reduced(reduce(this.dtype === "bool" ? logical : kind, this.node, list), axes, options);
  }

  #reduced(node: Node, axes: Axes, options?: { keepdims?: boolean }): Tensor {
    if (!options?.keepdims) return wrap(node, this);
    const list = normalizeAxes(axes, this.ndim, "keepdims");
    return wrap(
      reshape(
        node,
        this.shape.map((n, i) => (list.includes(i) ? 1 : n)),
      ),
      this,
    );
  }

  /** As NumPy prints it. */
  toString(): string {
    return formatTensor(this.#read(), this.shape, this.dtype);
  }

  static {
    defineDisplay(Tensor.prototype, { text: (t) => t.#describe() });
  }

  #describe(): string {
    const head = `Tensor(shape=${showShape(this.shape)}, dtype=${this.dtype}`;
    if (this.#node === undefined) return `${head}, disposed)`;
    if (!isReadable(this.#node)) return `${head}, traced)`;
    const text = this.toString();
    return text.includes("\n") ? `${head})\n${text}` : `${head}, ${text})`;
  }
}

/** Whether a node has or can get a value: inside a trace nothing that depends on a parameter has one. */
function isReadable(node: Node): boolean {
  try {
    evaluate([node]);
    return true;
  } catch {
    return false;
  }
}

/**
 * A tensor for a node that was made from other tensors. Very long chains of operations are computed on the way, and at
 * last forgotten.
 */
export function wrap(node: Node, ...from: readonly { readonly past: Past }[]): Tensor {
  let [waiting, operations, bytes] = [0, 0, 0];
  for (const { past } of from) {
    waiting = Math.max(waiting, past.waiting);
    operations = Math.max(operations, past.operations);
    bytes = Math.max(bytes, past.bytes);
  }
  const past = {
    waiting: waiting + 1,
    operations: operations + 1,
    bytes: bytes + byteWidth(node.dtype) * sizeOf(node.shape),
  };
  const forget = past.operations > longestMemory.operations || past.bytes > longestMemory.bytes;
  if (past.waiting < longestWait && !forget) return new Tensor(node, past);
  // Inside of a trace nothing can be computed, and the graph is needed as a whole.
  if (!isReadable(node)) return new Tensor(node);
  return forget
    ? new Tensor(forgetfulLeaf(evaluate([node])[0]!, node))
    : new Tensor(node, { ...past, waiting: 0 });
}

/** Applies an operation of two operands, one of which may be a weak number. */
export function combine(x: TensorLike, y: TensorLike, op: (x: Operand, y: Operand) => Node): Tensor {
  const a = operand(x);
  const b = operand(y);
  const from = [a, b].filter((t) => t instanceof Tensor);
  return wrap(op(a instanceof Tensor ? a.node : a, b instanceof Tensor ? b.node : b), ...from);
}

/** A tensor, or a number that adapts to the other operand's dtype. */
export function operand(x: TensorLike): Tensor | number | boolean {
  return typeof x === "number" || typeof x === "boolean" ? x : toTensor(x);
}

function isHolder(x: unknown): x is TensorHolder {
  return (
    (typeof x === "object" || typeof x === "function") &&
    x !== null &&
    (x as Partial<TensorHolder>).value instanceof Tensor
  );
}

/**
 * A tensor of anything that can be one. Nested arrays of whole numbers give int32, of booleans bool, others float32;
 * typed arrays keep their type; NaN and infinities are floats.
 *
 * @throws ShapeError when nested arrays are ragged, DTypeError when an element is no number
 */
export function toTensor(x: TensorLike, dtype?: DType): Tensor {
  if (x instanceof Tensor) return dtype === undefined || x.dtype === dtype ? x : x.astype(dtype);
  if (isHolder(x)) return toTensor(x.value, dtype);
  if (ArrayBuffer.isView(x)) return fromTyped(x, dtype);
  return fromNested(x, dtype);
}

/**
 * Makes a tensor from numbers.
 *
 * @param values a number, nested arrays, or a typed array
 * @param options `dtype` (default: from the values) and `shape` (default: that of the nesting)
 *
 * @example
 * ```ts
 * tensor([1, 2, 3, 4], { shape: [2, 2], dtype: "float32" }).arraySync(); // → [[1, 2], [3, 4]]
 * ```
 */
export function tensor(values: TensorLike, options: { dtype?: DType; shape?: Shape } = {}): Tensor {
  const dtype = options.dtype === undefined ? undefined : checkDType(options.dtype);
  const flat = toTensor(values, dtype);
  if (options.shape === undefined) return flat;
  const shape = inferShape(checkShape(options.shape, "tensor"), flat.shape);
  const known = knownValue(flat.node);
  return known === undefined ? flat.reshape(shape) : new Tensor(leaf(known, { shape, dtype: flat.dtype }));
}

/**
 * Makes a tensor of numbers that are its own from now on: no copy is made, and the array must not be written to any more.
 *
 * @param values as many as the shape has places
 */
export function adopt(values: TypedArray, shape: Shape, dtype: DType): Tensor {
  if (values.length !== sizeOf(shape) || !(values instanceof arrayOf(dtype))) {
    throw new ShapeError(
      `adopt: expected the numbers of a ${dtype} tensor of shape ${showShape(shape)}. Received: ${show(values)}`,
    );
  }
  return new Tensor(leaf(values, { shape, dtype }));
}

function fromTyped(x: TypedArray | ArrayBufferView, dtype?: DType): Tensor {
  const of = dtypes.find((d) => d !== "bool" && !isHalf(d) && x instanceof arrayOf(d));
  if (of !== undefined) return fromFlat(x as TypedArray, [(x as TypedArray).length], of, dtype);
  if (x instanceof Uint8ClampedArray) return fromFlat(Uint8Array.from(x), [x.length], "uint8", dtype);
  // Not every host has a Float16Array.
  if (x.constructor.name !== "Float16Array") {
    throw new DTypeError(`A tensor cannot hold the elements of a ${x.constructor.name}.`);
  }
  const values = Float32Array.from(x as unknown as ArrayLike<number>);
  return fromFlat(values, [values.length], "float16", dtype);
}

function fromFlat(values: TypedArray, shape: Shape, from: DType, to?: DType): Tensor {
  // A copy: the tensor must not change when the caller writes into the array.
  const node = leaf(values.slice(), { shape, dtype: from });
  return new Tensor(to === undefined ? node : convert(node, to));
}

function fromNested(x: NestedArray, dtype?: DType): Tensor {
  const shape: number[] = [];
  for (let level: NestedArray = x; Array.isArray(level); level = level[0] as NestedArray) {
    shape.push(level.length);
    if (level.length === 0) break;
  }
  const flat = new Float64Array(sizeOf(shape));
  let at = 0;
  let kind: "bool" | "int32" | "float32" | undefined;
  const visit = (value: NestedArray, axis: number): void => {
    if (axis === shape.length) {
      if (typeof value === "number") {
        const whole =
          Number.isInteger(value) && value >= -2147483648 && value <= 2147483647 && !Object.is(value, -0);
        if (!whole || kind === "float32") kind = "float32";
        else kind = "int32";
      } else if (typeof value === "boolean") kind ??= "bool";
      else if (Array.isArray(value)) ragged();
      else refuse(value);
      flat[at++] = Number(value);
      return;
    }
    if (!Array.isArray(value) || value.length !== shape[axis]) ragged();
    for (const item of value as readonly NestedArray[]) visit(item, axis + 1);
  };
  const ragged = (): never => {
    throw new ShapeError(
      `A tensor needs rows of one length; these nested arrays are ragged (first rows: ${showShape(shape)}).`,
    );
  };
  visit(x, 0);
  const target = dtype ?? kind ?? "float32";
  if (!isFloat(target) && kind === "float32")
    return new Tensor(convert(leaf(flat, { shape, dtype: "float64" }), target));
  const values = arrayFrom(target, flat);
  const type = { shape, dtype: target };
  // Inside of a trace a number is a part of the program, where equal ones meet; a leaf would be an argument of its own.
  const node =
    shape.length === 0 && currentTrace() !== undefined ? constant(values[0]!, type) : leaf(values, type);
  return new Tensor(node);
}

function refuse(value: unknown): never {
  if (typeof value === "object" && value !== null && withoutValues in value)
    throw new ValueError(String(value[withoutValues]));
  throw new DTypeError(`A tensor is made of numbers and booleans. Received: ${show(value)}`);
}

function checkDType(dtype: DType): DType {
  if ((dtypes as readonly string[]).includes(dtype)) return dtype;
  throw new DTypeError(`No dtype ${show(dtype)}. Available: ${dtypes.join(", ")}`);
}

/** Fills in a -1 and checks that the number of elements stays. */
function inferShape(target: Shape, from: Shape): Shape {
  const open = target.filter((n) => n === -1).length;
  if (open > 1 || target.some((n) => !Number.isInteger(n) || n < -1)) {
    throw new ShapeError(
      `reshape: expected whole lengths, of which one may be -1. Received: ${show(target)}`,
    );
  }
  const known = target.reduce((n, m) => (m === -1 ? n : n * m), 1);
  const size = sizeOf(from);
  const fits = open === 0 ? known === size : known === 0 ? size === 0 : size % known === 0;
  if (!fits) {
    throw new ShapeError(
      `reshape: cannot reshape ${showShape(from)} (${size} elements) into ${showShape(target)}`,
    );
  }
  return target.map((n) => (n === -1 ? (known === 0 ? 0 : size / known) : n));
}

function nest(flat: TypedArray, shape: Shape, logical: boolean): NestedArray {
  let at = 0;
  const take = (axis: number): NestedArray => {
    if (axis === shape.length) {
      const value = flat[at++]!;
      return logical ? value !== 0 : value;
    }
    return Array.from({ length: shape[axis]! }, () => take(axis + 1));
  };
  return take(0);
}
