/**
 * What the elements of a pipeline are made of, and how many become one batch and one batch becomes many. Samples of arrays
 * travel as numbers of rows; they become tensors only where someone looks at them.
 */
import {
  adopt,
  arrayOf,
  type DType,
  isPlainObject,
  promote,
  type Shape,
  ShapeError,
  sameShape,
  show,
  showShape,
  sizeOf,
  type Tensor,
  type TensorLike,
  type TypedArray,
  tensor,
  toTensor,
  ValueError,
} from "../../engine/index.ts";

/** One array: numbers, or texts. */
export type ArrayLeaf = TensorLike | readonly string[];

/** Arrays of one length, in arrays and plain objects. */
export type ArrayTree = ArrayLeaf | readonly ArrayTree[] | { readonly [key: string]: ArrayTree };

/** A structure of arrays without the axis of samples. */
export type RowOf<A> = A extends Tensor | TypedArray | { readonly value: Tensor }
  ? Tensor
  : A extends readonly (infer E)[]
    ? E extends number | boolean
      ? Tensor
      : E extends string
        ? string
        : E extends readonly NestedNumbers[]
          ? Tensor
          : { readonly [K in keyof A]: RowOf<A[K]> }
    : A extends object
      ? { readonly [K in keyof A]: RowOf<A[K]> }
      : Tensor;

type NestedNumbers = number | boolean | readonly NestedNumbers[];

/** What a batch of elements is. */
export type Batched<T> = T extends Tensor | TypedArray | number | boolean
  ? Tensor
  : T extends string
    ? string[]
    : T extends null | undefined
      ? null
      : T extends readonly (infer E)[]
        ? number extends T["length"]
          ? E extends number | boolean
            ? Tensor
            : E extends string
              ? string[][]
              : { readonly [K in keyof T]: BatchedPart<T[K]> }
          : { readonly [K in keyof T]: BatchedPart<T[K]> }
        : T extends object
          ? { readonly [K in keyof T]: BatchedPart<T[K]> }
          : unknown;

/** Within an element nested numbers are one array. */
type BatchedPart<T> = T extends readonly NestedNumbers[] ? Tensor : Batched<T>;

/** One array of numbers in memory, seen row by row. */
export class NumberColumn {
  readonly length: number;
  readonly #values: TypedArray;
  readonly #shape: Shape;
  readonly #width: number;
  readonly #dtype: DType;

  constructor(array: Tensor) {
    this.length = array.shape[0]!;
    this.#values = array.dataSync();
    this.#shape = array.shape.slice(1);
    this.#width = sizeOf(this.#shape);
    this.#dtype = array.dtype;
  }

  row(index: number): Tensor {
    const values = this.#values.subarray(index * this.#width, (index + 1) * this.#width);
    return tensor(values, { shape: this.#shape, dtype: this.#dtype });
  }

  /** Rows as one array, whose axis of rows can be several axes instead. */
  gather(rows: ArrayLike<number>, lead: Shape = [rows.length]): Tensor {
    const width = this.#width;
    const values = new (arrayOf(this.#dtype))(rows.length * width);
    // Neighbours are copied together.
    for (let i = 0, end = 0; i < rows.length; i = end) {
      end = i + 1;
      while (end < rows.length && rows[end] === rows[end - 1]! + 1) end++;
      values.set(this.#values.subarray(rows[i]! * width, (rows[end - 1]! + 1) * width), i * width);
    }
    return adopt(values, [...lead, ...this.#shape], this.#dtype);
  }
}

/** One array of texts, seen row by row. */
class TextColumn {
  readonly length: number;
  readonly #values: readonly string[];

  constructor(values: readonly string[]) {
    this.length = values.length;
    this.#values = values;
  }

  row(index: number): string {
    return this.#values[index]!;
  }

  gather(rows: readonly number[]): string[] {
    return rows.map((row) => this.#values[row]!);
  }
}

/** One array, seen row by row; windows over a series are such an array, too. */
export interface Column {
  readonly length: number;
  row(index: number): unknown;
  /** Several rows as one array. */
  gather(rows: readonly number[]): unknown;
}

/** Arrays of one length, in a structure. */
export interface Table {
  /** Columns in arrays and plain objects. */
  readonly tree: unknown;
  readonly length: number;
}

/** One sample of arrays. */
export class Row {
  readonly table: Table;
  readonly index: number;

  constructor(table: Table, index: number) {
    this.table = table;
    this.index = index;
  }
}

/** Elements of several pipelines side by side, in an array or an object. */
export class Zipped {
  readonly parts: readonly unknown[] | Readonly<Record<string, unknown>>;

  constructor(parts: Zipped["parts"]) {
    this.parts = parts;
  }
}

const isColumn = (x: unknown): x is Column => x instanceof Object && "gather" in x && "row" in x;

/** The first thing in nested arrays that is no array; undefined if there is none. */
function firstOf(value: unknown): unknown {
  let first = value;
  while (Array.isArray(first)) first = first[0];
  return first;
}

const isPlain = (x: unknown): boolean => typeof x === "number" || typeof x === "boolean";

/**
 * Whether an array is a structure of several things, and not one thing. A whole element is a structure unless it is a list
 * of numbers or of texts; within it, nested numbers and texts are one thing.
 */
function isStructure(value: readonly unknown[], whole: boolean): boolean {
  if (whole) return !value.every(isPlain) && !value.every((x) => typeof x === "string");
  const [first] = value;
  if (value.some((x) => !Array.isArray(x) && !isPlain(x) && typeof x !== "string")) return true;
  return Array.isArray(first) && isStructure(first, false);
}

function mapColumns(tree: unknown, fn: (column: Column) => unknown): unknown {
  if (isColumn(tree)) return fn(tree);
  if (Array.isArray(tree)) return tree.map((t) => mapColumns(t, fn));
  if (isPlainObject(tree))
    return Object.fromEntries(Object.entries(tree).map(([key, t]) => [key, mapColumns(t, fn)]));
  return tree;
}

function columnOf(value: unknown, where: string): Column {
  if (Array.isArray(value) && value.length > 0 && value.every((x) => typeof x === "string"))
    return new TextColumn(value);
  const array = toTensor(value as TensorLike);
  if (array.ndim === 0)
    throw new ShapeError(`${where}: expected arrays with an axis of samples. Received: ${show(value)}`);
  return new NumberColumn(array);
}

/**
 * Arrays as a table.
 *
 * @param whole whether the structure is that of a whole element, in which an array is a tuple
 * @throws ValueError when there are none or their lengths differ
 */
export function tableOf(tree: unknown, where: string, whole: boolean): Table {
  const lengths: number[] = [];
  const visit = (value: unknown, top: boolean): unknown => {
    if (value === null || value === undefined) return null;
    if (Array.isArray(value) && isStructure(value, top)) return value.map((x) => visit(x, false));
    if (isPlainObject(value))
      return Object.fromEntries(Object.entries(value).map(([key, x]) => [key, visit(x, false)]));
    const column = isColumn(value) ? value : columnOf(value, where);
    lengths.push(column.length);
    return column;
  };
  const columns = visit(tree, whole);
  const [length] = lengths;
  if (length === undefined) throw new ValueError(`${where}: expected arrays. Received: ${show(tree)}`);
  if (lengths.some((n) => n !== length)) {
    throw new ValueError(
      `${where}: all arrays need the same number of samples. Received arrays of ${lengths.join(", ")} samples`,
    );
  }
  return { tree: columns, length };
}

/** An element as users see it. */
export function materialize(element: unknown): unknown {
  if (element instanceof Row) return mapColumns(element.table.tree, (column) => column.row(element.index));
  if (!(element instanceof Zipped)) return element;
  const { parts } = element;
  if (Array.isArray(parts)) return parts.map(materialize);
  return Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, materialize(part)]));
}

function stackNumbers(parts: readonly unknown[]): Tensor {
  if (parts.every(isPlain)) return tensor(parts as number[]);
  const tensors = parts.map((part) => toTensor(part as TensorLike));
  const { shape } = tensors[0]!;
  const other = tensors.find((t) => !sameShape(t.shape, shape));
  if (other !== undefined) {
    throw new ShapeError(
      `batch: expected elements of one shape. Received elements of shapes ${showShape(shape)} and ${showShape(other.shape)}`,
    );
  }
  const dtype = tensors.map((t) => t.dtype).reduce(promote);
  const width = sizeOf(shape);
  const values = new (arrayOf(dtype))(tensors.length * width);
  tensors.forEach((t, i) => {
    values.set(t.dataSync(), i * width);
  });
  return adopt(values, [tensors.length, ...shape], dtype);
}

function stack(parts: readonly unknown[], whole: boolean): unknown {
  const first = parts[0];
  if (first instanceof Row) {
    const { table } = first;
    if (parts.every((part) => part instanceof Row && part.table === table)) {
      const rows = parts.map((part) => (part as Row).index);
      return mapColumns(table.tree, (column) => column.gather(rows));
    }
    return stack(parts.map(materialize), whole);
  }
  if (first instanceof Zipped) {
    const all = parts.map((part) => (part instanceof Zipped ? part.parts : materialize(part)));
    return stackMembers(all, first.parts);
  }
  if (first === null || first === undefined) return null;
  if (Array.isArray(first)) {
    if (isStructure(first, whole)) return stackMembers(parts, first);
    if (typeof firstOf(first) === "string") return parts;
  } else if (isPlainObject(first)) return stackMembers(parts, first);
  else if (typeof first === "string") return parts;
  return stackNumbers(parts);
}

/** Stacks what stands at the same place in each part. */
function stackMembers(parts: readonly unknown[], like: object): unknown {
  const keys = Object.keys(like);
  for (const part of parts) {
    if (part instanceof Object && Object.keys(part).join() === keys.join()) continue;
    throw new ValueError(
      `batch: expected elements of one structure, with the members ${keys.join(", ")}. Received: ${show(part)}`,
    );
  }
  const member = (key: string): unknown =>
    stack(
      parts.map((part) => (part as Record<string, unknown>)[key]),
      false,
    );
  if (Array.isArray(like)) return keys.map(member);
  return Object.fromEntries(keys.map((key) => [key, member(key)]));
}

/**
 * Elements as one batch: their arrays with a first axis more.
 *
 * @throws ShapeError, ValueError when their shapes or structures differ
 */
export function collate(elements: readonly unknown[]): unknown {
  return stack(elements, true);
}
