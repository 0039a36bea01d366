/** For tests of backends: how results may differ from the reference, and what to say when they differ more. */
import { arrayOf, type DType, isHalf, type TypedArray } from "../../src/engine/tensor/dtype.ts";
import { type HalfType, toBits } from "../../src/engine/tensor/half.ts";

const bits32 = new DataView(new ArrayBuffer(4));

/** The place of a float32 among all float32 numbers, by size: neighbours differ by 1, both zeros are 0. */
function rank32(x: number): number {
  bits32.setFloat32(0, x);
  const bits = bits32.getInt32(0);
  return bits < 0 ? -(bits & 0x7fffffff) : bits;
}

function rank16(dtype: HalfType, x: number): number {
  const bits = toBits(dtype, x);
  return bits & 0x8000 ? -(bits & 0x7fff) : bits;
}

/** The distance to the next larger float64. */
function spacing64(x: number): number {
  const exponent = Math.max(-1022, Math.floor(Math.log2(Math.max(Math.abs(x), 2 ** -1022))));
  return 2 ** (exponent - 52);
}

/** How many representable numbers lie between two floats; NaNs are alike, and so are zeros. */
export function ulps(dtype: DType, actual: number, expected: number): number {
  if (actual === expected || (Number.isNaN(actual) && Number.isNaN(expected))) return 0;
  if (Number.isNaN(actual) || Number.isNaN(expected)) return Number.POSITIVE_INFINITY;
  if (isHalf(dtype)) return Math.abs(rank16(dtype, actual) - rank16(dtype, expected));
  if (dtype === "float32") return Math.abs(rank32(actual) - rank32(expected));
  if (dtype === "float64" && Number.isFinite(actual) && Number.isFinite(expected)) {
    return Math.abs(actual - expected) / spacing64(expected);
  }
  return Number.POSITIVE_INFINITY;
}

/** Whether an element is as expected. */
export type Agrees = (actual: number, expected: number) => boolean;

/** The same number; zeros of both signs are one number. */
export const sameNumber: Agrees = (a, e) => a === e || (Number.isNaN(a) && Number.isNaN(e));

/** The same bits, but for the payload of NaN. */
export const sameBits: Agrees = Object.is;

/** Says where results differ, or nothing. */
export function difference(
  actual: readonly (TypedArray | undefined)[],
  expected: readonly TypedArray[],
  agrees: Agrees,
): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} results, expected ${expected.length}`;
  for (const [k, e] of expected.entries()) {
    const a = actual[k];
    if (a === undefined) return `result ${k} is missing`;
    if (a.constructor !== e.constructor)
      return `result ${k} is a ${a.constructor.name}, expected ${e.constructor.name}`;
    if (a.length !== e.length) return `result ${k} has ${a.length} elements, expected ${e.length}`;
    for (let i = 0; i < e.length; i++) {
      if (!agrees(a[i]!, e[i]!)) return `result ${k}, element ${i}: ${show(a[i]!)}, expected ${show(e[i]!)}`;
    }
  }
  return undefined;
}

const show = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));

/** A typed array of a dtype. */
export function filled(dtype: DType, length: number, value: (i: number) => number): TypedArray {
  const out = new (arrayOf(dtype))(length);
  for (let i = 0; i < length; i++) out[i] = dtype === "bool" ? Number(value(i) !== 0) : value(i);
  return out;
}
