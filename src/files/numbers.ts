/** How numbers of every kind lie in files, and what they become here: where there is no such dtype, the next wider one. */
import { arrayOf, byteWidth, type DType, type TypedArray } from "../engine/tensor/dtype.ts";

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
  int8: { bytes: 1, dtype: "int32", read: (v, at) => v.getInt8(at) },
  uint16: { bytes: 2, dtype: "int32", read: (v, at, le) => v.getUint16(at, le) },
  int16: { bytes: 2, dtype: "int32", read: (v, at, le) => v.getInt16(at, le) },
  uint32: { bytes: 4, dtype: "uint32", read: (v, at, le) => v.getUint32(at, le) },
  int32: { bytes: 4, dtype: "int32", read: (v, at, le) => v.getInt32(at, le) },
  uint64: { bytes: 8, dtype: "uint32", read: (v, at, le) => Number(v.getBigUint64(at, le)) },
  int64: { bytes: 8, dtype: "int32", read: (v, at, le) => Number(v.getBigInt64(at, le)) },
  float16: { bytes: 2, dtype: "float32", read: (v, at, le) => float16(v.getUint16(at, le)) },
  bfloat16: { bytes: 2, dtype: "float32", read: (v, at, le) => bfloat16(v.getUint16(at, le)) },
  float32: { bytes: 4, dtype: "float32", read: (v, at, le) => v.getFloat32(at, le) },
  float64: { bytes: 8, dtype: "float64", read: (v, at, le) => v.getFloat64(at, le) },
};

function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const float = /* @__PURE__ */ new Float32Array(1);

/** A bfloat16 is the upper half of a float32. */
function bfloat16(bits: number): number {
  new Uint32Array(float.buffer)[0] = bits << 16;
  return float[0]!;
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
  return new (arrayOf(kind.dtype))(aligned.buffer, aligned.byteOffset, aligned.length / kind.bytes);
}
