/** Reads what users hand to figures: numbers, nested arrays, typed arrays and tensors, all into `Float64Array`. */
import { ShapeError, show, ValueError } from "../engine/tensor/errors.ts";

/** Anything with a shape whose numbers can be read at once, such as a tensor. */
export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype?: unknown;
  dataSync(): ArrayLike<number>;
}

/** Typed arrays of plain numbers. */
export type NumberTypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

/** Arrays of numbers, nested to any depth; `null` is a missing value (NaN). */
export interface NestedNumbers
  extends ReadonlyArray<number | boolean | null | NumberTypedArray | TensorLike | NestedNumbers> {}

/** Numbers that can be drawn: a nested array, a typed array or a tensor. */
export type NumberData = NestedNumbers | NumberTypedArray | TensorLike;

/** Numbers in row-major order with their shape. */
export interface NumberBlock {
  readonly data: Float64Array;
  readonly shape: readonly number[];
  /** Whether the source can only hold integers, which decides how RGB images are read. */
  readonly integer: boolean;
}

/** Whether a value offers `shape` and `dataSync`. */
export function isTensorLike(value: unknown): value is TensorLike {
  if (typeof value !== "object" || value === null) return false;
  const candidate = value as { shape?: unknown; dataSync?: unknown };
  return Array.isArray(candidate.shape) && typeof candidate.dataSync === "function";
}

function isTypedArray(value: unknown): value is NumberTypedArray {
  return (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) &&
    !(value instanceof BigUint64Array)
  );
}

/** Whether a value is data rather than an options object or a string. */
export function isNumberData(value: unknown): value is NumberData {
  return Array.isArray(value) || isTypedArray(value) || isTensorLike(value);
}

const INTEGER_DTYPE = /^u?int/;

/**
 * Reads numbers of any rank.
 *
 * @param where the function and argument, for messages
 * @throws ShapeError for ragged nesting, ValueError for what is not a number
 */
export function readBlock(where: string, value: unknown): NumberBlock {
  if (typeof value === "number") return { data: Float64Array.of(value), shape: [], integer: false };
  if (typeof value === "boolean") return { data: Float64Array.of(Number(value)), shape: [], integer: false };
  if (value === null) return { data: Float64Array.of(Number.NaN), shape: [], integer: false };
  if (isTypedArray(value)) {
    const integer = !(value instanceof Float32Array || value instanceof Float64Array);
    return { data: Float64Array.from(value), shape: [value.length], integer };
  }
  if (isTensorLike(value)) {
    const integer = INTEGER_DTYPE.test(String(value.dtype));
    return { data: Float64Array.from(value.dataSync()), shape: [...value.shape], integer };
  }
  if (!Array.isArray(value)) {
    throw new ValueError(
      `${where} must be numbers: an array, a typed array or a tensor. Received: ${show(value)}`,
    );
  }
  return readArray(where, value);
}

function readArray(where: string, value: readonly unknown[]): NumberBlock {
  if (value.every((item) => typeof item === "number")) {
    const integer = value.some((item) => item > 1) && value.every((item) => Number.isInteger(item));
    return { data: Float64Array.from(value), shape: [value.length], integer };
  }
  const items = value.map((item) => readBlock(where, item));
  const inner = items[0]?.shape ?? [];
  const size = inner.reduce((product, n) => product * n, 1);
  const data = new Float64Array(items.length * size);
  items.forEach((item, i) => {
    if (item.shape.length !== inner.length || item.shape.some((n, axis) => n !== inner[axis])) {
      throw new ShapeError(
        `${where} is ragged: item 0 has shape [${inner.join(", ")}], item ${i} has shape [${item.shape.join(", ")}].`,
      );
    }
    data.set(item.data, i * size);
  });
  // A black row of a picture holds only zeros, so one row with larger integers decides for all.
  const integer =
    items.some((item) => item.integer) && items.every((item) => item.data.every(Number.isInteger));
  return { data, shape: [items.length, ...inner], integer };
}

/** Reads numbers of any rank as one flat list, as `scatter` and `hist` want them. */
export function readFlat(where: string, value: unknown): Float64Array {
  return readBlock(where, value).data;
}

/**
 * Reads a list of numbers: shape [n], [n, 1] or a single number.
 *
 * @throws ShapeError when there are several columns
 */
export function readVector(where: string, value: unknown): Float64Array {
  const block = readBlock(where, value);
  if (block.shape.slice(1).some((n) => n !== 1)) {
    throw new ShapeError(
      `${where} must have shape [n] or [n, 1]. Received shape: [${block.shape.join(", ")}]`,
    );
  }
  return block.data;
}

/**
 * Reads columns: shape [n] is one column, shape [n, k] is k columns.
 *
 * @throws ShapeError when the rank is above 2
 */
export function readColumns(
  where: string,
  value: unknown,
): { columns: Float64Array[]; shape: readonly number[] } {
  const { data, shape } = readBlock(where, value);
  if (shape.length > 2) {
    throw new ShapeError(`${where} can have at most 2 dimensions. Received shape: [${shape.join(", ")}]`);
  }
  const width = shape[1] ?? 1;
  const height = shape[0] ?? 1;
  const columns = Array.from({ length: width }, (_, j) => {
    const column = new Float64Array(height);
    for (let i = 0; i < height; i++) column[i] = data[i * width + j]!;
    return column;
  });
  return { columns, shape };
}

/** Refuses two lists that must go together but differ in length. */
export function checkSameLength(
  where: string,
  first: readonly [name: string, shape: readonly number[]],
  second: readonly [name: string, shape: readonly number[]],
): void {
  const [a, b] = [first[1][0] ?? 1, second[1][0] ?? 1];
  if (a === b) return;
  throw new ShapeError(
    `${where}: ${first[0]} and ${second[0]} must have the same first dimension. ` +
      `Received shapes [${first[1].join(", ")}] and [${second[1].join(", ")}].`,
  );
}

/** The least and the greatest finite number, or undefined when there is none. */
export function finiteRange(
  values: Iterable<number>,
  accept: (value: number) => boolean = Number.isFinite,
): [low: number, high: number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!accept(value) || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low > high ? undefined : [low, high];
}
