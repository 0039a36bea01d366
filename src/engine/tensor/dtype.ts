/** Element types: their names, sizes, storage and promotion. */
import { DTypeError, didYouMean, show } from "./errors.ts";

/** Every element type, from the narrowest to the widest of each kind. */
export const dtypes = ["bool", "uint8", "int32", "uint32", "float32", "float64"] as const;

/** The name of an element type. */
export type DType = (typeof dtypes)[number];

/** The typed array that stores each element type. Booleans are bytes of 0 and 1. */
export interface TypedArrays {
  bool: Uint8Array;
  uint8: Uint8Array;
  int32: Int32Array;
  uint32: Uint32Array;
  float32: Float32Array;
  float64: Float64Array;
}

/** A typed array that can hold tensor elements. */
export type TypedArray = TypedArrays[DType];

interface TypedArrayConstructor<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): T;
  new (values: ArrayLike<number>): T;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): T;
}

const constructors: { readonly [D in DType]: TypedArrayConstructor<TypedArrays[D]> } = {
  bool: Uint8Array,
  uint8: Uint8Array,
  int32: Int32Array,
  uint32: Uint32Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** The typed array constructor of a dtype. */
export function arrayOf<D extends DType>(dtype: D): TypedArrayConstructor<TypedArrays[D]> {
  return constructors[dtype];
}

/** Bytes of one element. */
export function byteWidth(dtype: DType): number {
  return constructors[dtype].BYTES_PER_ELEMENT;
}

/** Whether the dtype holds real numbers, and so can have a gradient. */
export function isFloat(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float64";
}

/** Whether the dtype holds integers (booleans are not integers). */
export function isInteger(dtype: DType): boolean {
  return dtype === "uint8" || dtype === "int32" || dtype === "uint32";
}

/** Whether integers of the dtype have no sign. */
export function isUnsigned(dtype: DType): boolean {
  return dtype === "uint8" || dtype === "uint32";
}

/**
 * Checks a dtype that came from outside.
 *
 * @throws DTypeError when there is no such dtype
 */
export function asDType(name: unknown, where = "dtype"): DType {
  if (typeof name === "string" && (dtypes as readonly string[]).includes(name)) return name as DType;
  const hint = typeof name === "string" ? didYouMean(name, dtypes) : "";
  throw new DTypeError(`${where}: no dtype ${show(name)}.${hint} Available: ${dtypes.join(", ")}`);
}

const order: { readonly [D in DType]: number } = {
  bool: 0,
  uint8: 1,
  int32: 2,
  uint32: 3,
  float32: 4,
  float64: 5,
};

/**
 * The dtype of a result of two operands, as in Keras: the wider one, where a float is always wider than an integer.
 * `int32` with `uint32` gives `int32`, because there is no 64-bit integer to hold both.
 */
export function promote(a: DType, b: DType): DType {
  if (a === b) return a;
  if ((a === "int32" && b === "uint32") || (a === "uint32" && b === "int32")) return "int32";
  return order[a] > order[b] ? a : b;
}

/** Brings a JavaScript number to the nearest value that the dtype holds, with wrap-around for integers. */
export function roundTo(dtype: DType, value: number): number {
  switch (dtype) {
    case "bool":
      return value !== 0 ? 1 : 0;
    case "uint8":
      return saturate(value, 0, 255);
    case "int32":
      return saturate(value, -2147483648, 2147483647);
    case "uint32":
      return saturate(value, 0, 4294967295);
    case "float32":
      return Math.fround(value);
    case "float64":
      return value;
  }
}

/** A number as an integer in range: NaN becomes 0, fractions are cut, what is too large becomes the limit. */
function saturate(value: number, low: number, high: number): number {
  return Number.isNaN(value) ? 0 : Math.min(high, Math.max(low, Math.trunc(value)));
}
