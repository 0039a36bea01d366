/** Element types: their names, sizes, storage and promotion. */
import { DTypeError, didYouMean, show } from "./errors.ts";
import { type HalfType, roundHalf, roundHalves } from "./half.ts";

/** Every element type, from the narrowest to the widest of each kind. */
export const dtypes = [
  "bool",
  "uint8",
  "int8",
  "uint16",
  "int16",
  "uint32",
  "int32",
  "bfloat16",
  "float16",
  "float32",
  "float64",
] as const;

/** The name of an element type. */
export type DType = (typeof dtypes)[number];

/**
 * The typed array that holds each element type in JavaScript's memory. Booleans are bytes of 0 and 1; the numbers of
 * 16-bit floats stand in a Float32Array (memory of a device and files have two bytes for each).
 */
export interface TypedArrays {
  bool: Uint8Array;
  uint8: Uint8Array;
  int8: Int8Array;
  uint16: Uint16Array;
  int16: Int16Array;
  uint32: Uint32Array;
  int32: Int32Array;
  bfloat16: Float32Array;
  float16: Float32Array;
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
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  bfloat16: Float32Array,
  float16: Float32Array,
  float32: Float32Array,
  float64: Float64Array,
};

/** The typed array constructor of a dtype. */
export function arrayOf<D extends DType>(dtype: D): TypedArrayConstructor<TypedArrays[D]> {
  return constructors[dtype];
}

/** Whether the dtype is a float of 16 bits, which is computed with in float32. */
export function isHalf(dtype: DType): dtype is HalfType {
  return dtype === "float16" || dtype === "bfloat16";
}

/** Bytes of one element in memory of a device. */
export function byteWidth(dtype: DType): number {
  return isHalf(dtype) ? 2 : constructors[dtype].BYTES_PER_ELEMENT;
}

/** Whether the dtype holds real numbers, and so can have a gradient. */
export function isFloat(dtype: DType): boolean {
  return dtype === "float32" || dtype === "float64" || isHalf(dtype);
}

/** Whether the dtype holds integers (booleans are not integers). */
export function isInteger(dtype: DType): boolean {
  return dtype !== "bool" && !isFloat(dtype);
}

/** Whether integers of the dtype have no sign. */
export function isUnsigned(dtype: DType): boolean {
  return dtype === "uint8" || dtype === "uint16" || dtype === "uint32";
}

/** Bits of an integer dtype. */
export function bitsOf(dtype: DType): number {
  return 8 * byteWidth(dtype);
}

/** The smallest and the largest number that an integer dtype holds. */
export function integerRange(dtype: DType): readonly [low: number, high: number] {
  const values = 2 ** bitsOf(dtype);
  return isUnsigned(dtype) ? [0, values - 1] : [-values / 2, values / 2 - 1];
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

/**
 * The dtype of a result of two operands, by the lattice that Keras and JAX have: a float is wider than any integer, and
 * integers meet in one that holds both. `float16` and `bfloat16` meet in `float32`. `int32` meets `uint32` in `int32`,
 * because there is no 64-bit integer to hold both.
 */
export function promote(a: DType, b: DType): DType {
  if (a === b || b === "bool") return a;
  if (a === "bool") return b;
  if (isFloat(a) || isFloat(b)) {
    if (isHalf(a) && isHalf(b)) return "float32";
    return isFloat(a) && (!isFloat(b) || byteWidth(a) > byteWidth(b)) ? a : b;
  }
  if (isUnsigned(a) === isUnsigned(b)) return byteWidth(a) > byteWidth(b) ? a : b;
  const [signed, unsigned] = isUnsigned(a) ? [b, a] : [a, b];
  if (byteWidth(signed) > byteWidth(unsigned)) return signed;
  return unsigned === "uint8" ? "int16" : "int32";
}

/** Brings a JavaScript number to the nearest value that the dtype holds; integers saturate. */
export function roundTo(dtype: DType, value: number): number {
  if (dtype === "float64") return value;
  if (dtype === "float32") return Math.fround(value);
  if (isHalf(dtype)) return roundHalf(dtype, value);
  if (dtype === "bool") return value !== 0 ? 1 : 0;
  const [low, high] = integerRange(dtype);
  // NaN becomes 0, fractions are cut, what is too large becomes the limit.
  return Number.isNaN(value) ? 0 : Math.min(high, Math.max(low, Math.trunc(value))) + 0;
}

/** An integer brought into the range of its dtype by wrap-around. */
export function wrapTo(dtype: DType, value: number): number {
  switch (dtype) {
    case "uint8":
      return value & 0xff;
    case "int8":
      return (value << 24) >> 24;
    case "uint16":
      return value & 0xffff;
    case "int16":
      return (value << 16) >> 16;
    case "uint32":
      return value >>> 0;
    default:
      return value | 0;
  }
}

/** Numbers as the dtype's own typed array holds them, rounded or wrapped. */
export function arrayFrom(dtype: DType, values: ArrayLike<number>): TypedArray {
  if (dtype === "bool") return Uint8Array.from(values, (v) => Number(v !== 0));
  const out = new (arrayOf(dtype))(values);
  return isHalf(dtype) ? roundHalves(dtype, out as Float32Array) : out;
}
