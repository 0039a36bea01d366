/**
 * The two 16-bit floats. JavaScript has typed arrays for neither everywhere, so their numbers stand in a Float32Array, each
 * of them one that the dtype holds; memory of a device and files hold their bits.
 */

/** A float of 16 bits: IEEE's binary16, or the upper half of a float32. */
export type HalfType = "float16" | "bfloat16";

const number = /* @__PURE__ */ new Float32Array(1);
const word = /* @__PURE__ */ new Int32Array(number.buffer);

/** The bits of the nearest number, given those of a float32; of two that are as near, the even one. */
function round(dtype: HalfType, bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | (dtype === "float16" ? 0x7e00 : 0x7fc0);
  if (dtype === "bfloat16") return sign | ((magnitude + 0x7fff + ((magnitude >>> 16) & 1)) >>> 16);
  // Below 2^-14 the last bit stays 2^-24: the significand moves right instead.
  if (magnitude < 0x38800000) {
    const shift = 126 - (magnitude >>> 23);
    if (shift > 24) return sign;
    const whole = (magnitude & 0x7fffff) | 0x800000;
    const kept = whole >>> shift;
    const rest = whole - kept * 2 ** shift;
    const half = 2 ** (shift - 1);
    return sign | (rest > half || (rest === half && kept % 2 === 1) ? kept + 1 : kept);
  }
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
}

/** The bits of the float32 that has the same value. */
function widen(dtype: HalfType, bits: number): number {
  if (dtype === "bfloat16") return bits << 16;
  const sign = (bits & 0x8000) << 16;
  const magnitude = bits & 0x7fff;
  if (magnitude >= 0x7c00) return sign | 0x7f800000 | ((magnitude & 0x3ff) << 13);
  if (magnitude >= 0x400) return sign | ((magnitude << 13) + 0x38000000);
  number[0] = magnitude * 2 ** -24;
  return sign | word[0]!;
}

/** The bits of a number, which is rounded to float32 and then to the nearest one that the dtype holds. */
export function toBits(dtype: HalfType, value: number): number {
  number[0] = value;
  return round(dtype, word[0]!);
}

/** The number of some bits. */
export function fromBits(dtype: HalfType, bits: number): number {
  word[0] = widen(dtype, bits);
  return number[0]!;
}

/** The nearest number that the dtype holds, by way of float32. */
export function roundHalf(dtype: HalfType, value: number): number {
  return fromBits(dtype, toBits(dtype, value));
}

/** Writes the bits of float32 numbers, rounded, to a place in memory. */
export function packHalves(dtype: HalfType, values: Float32Array, into: Uint16Array, at = 0): void {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < words.length; i++) into[at + i] = round(dtype, words[i]!);
}

/** The numbers of some bits. */
export function unpackHalves(dtype: HalfType, bits: Uint16Array): Float32Array {
  const words = new Int32Array(bits.length);
  for (let i = 0; i < words.length; i++) words[i] = widen(dtype, bits[i]!);
  return new Float32Array(words.buffer);
}

/** Brings float32 numbers, where they stand, to the nearest ones that the dtype holds. */
export function roundHalves(dtype: HalfType, values: Float32Array): Float32Array {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < words.length; i++) words[i] = widen(dtype, round(dtype, words[i]!));
  return values;
}
