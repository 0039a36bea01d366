/** How numbers of every kind lie in files, and what they become here; 64-bit integers are the ones without a dtype. */
import { arrayOf, byteWidth, type DType, isHalf, type TypedArray } from "../engine/tensor/dtype.ts";
import { fromBits, packHalves, unpackHalves } from "../engine/tensor/half.ts";

/** One kind of numbers. */
export interface NumberKind {
  readonly bytes: number;
  readonly dtype: DType;
  readonly read: (view: DataView, at: number, littleEndian: boolean) => number;
}

/** The usual names of kinds of numbers. */
export type NumberType =
  | "bool"
  | `${"" | "u"}int${8 | 16 | 32 | 64}`
  | "float16"
  | "bfloat16"
  | "float32"
  | "float64";

/** The kinds that formats have, by their usual names. 64-bit integers must fit into 32 bits. */
export const numberKinds: Readonly<Record<NumberType, NumberKind>> = {
  bool: { bytes: 1, dtype: "bool", read: (v, at) => Number(v.getUint8(at) !== 0) },
  uint8: { bytes: 1, dtype: "uint8", read: (v, at) => v.getUint8(at) },
  int8: { bytes: 1, dtype: "int8", read: (v, at) => v.getInt8(at) },
  uint16: { bytes: 2, dtype: "uint16", read: (v, at, le) => v.getUint16(at, le) },
  int16: { bytes: 2, dtype: "int16", read: (v, at, le) => v.getInt16(at, le) },
  uint32: { bytes: 4, dtype: "uint32", read: (v, at, le) => v.getUint32(at, le) },
  int32: { bytes: 4, dtype: "int32", read: (v, at, le) => v.getInt32(at, le) },
  uint64: { bytes: 8, dtype: "uint32", read: (v, at, le) => Number(v.getBigUint64(at, le)) },
  int64: { bytes: 8, dtype: "int32", read: (v, at, le) => Number(v.getBigInt64(at, le)) },
  float16: { bytes: 2, dtype: "float16", read: (v, at, le) => fromBits("float16", v.getUint16(at, le)) },
  bfloat16: { bytes: 2, dtype: "bfloat16", read: (v, at, le) => fromBits("bfloat16", v.getUint16(at, le)) },
  float32: { bytes: 4, dtype: "float32", read: (v, at, le) => v.getFloat32(at, le) },
  float64: { bytes: 8, dtype: "float64", read: (v, at, le) => v.getFloat64(at, le) },
};

/** The bytes of numbers as files hold them, the lowest byte of each first. */
export function numberBytes(values: TypedArray, dtype: DType): Uint8Array {
  if (isHalf(dtype)) {
    const bits = new Uint16Array(values.length);
    packHalves(dtype, values as Float32Array, bits);
    return new Uint8Array(bits.buffer);
  }
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/**
 * Numbers from a place in a file.
 *
 * @param fail told of a number that does not fit
 */
export function readNumbers(
  view: DataView,
  from: number,
  size: number,
  kind: NumberKind,
  littleEndian: boolean,
  fail: (what: string) => never,
): TypedArray {
  const numbers = new (arrayOf(kind.dtype))(size);
  const exact = kind.bytes < 8 || kind.dtype === "float64";
  for (let i = 0; i < size; i++) {
    const value = kind.read(view, from + i * kind.bytes, littleEndian);
    numbers[i] = value;
    if (!exact && numbers[i] !== value) fail(`the number ${value} does not fit into ${kind.dtype}`);
  }
  return numbers;
}

/**
 * Little-endian bytes seen as the numbers that they are, without a copy where they lie as JavaScript wants them; undefined
 * for kinds that must be converted.
 */
export function viewNumbers(bytes: Uint8Array, kind: NumberKind): TypedArray | undefined {
  if (kind.dtype === "bool" || kind.bytes !== byteWidth(kind.dtype)) return undefined;
  const aligned = bytes.byteOffset % kind.bytes === 0 ? bytes : new Uint8Array(bytes);
  const size = aligned.length / kind.bytes;
  if (isHalf(kind.dtype))
    return unpackHalves(kind.dtype, new Uint16Array(aligned.buffer, aligned.byteOffset, size));
  return new (arrayOf(kind.dtype))(aligned.buffer, aligned.byteOffset, size);
}
