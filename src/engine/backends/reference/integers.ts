/** Integer arithmetic that wraps around, where JavaScript's doubles would round. */
import { bitsOf, type DType } from "../../tensor/dtype.ts";

/** The product, right in the low 32 bits; storing it cuts it to the dtype. */
export function multiplyIntegers(x: number, y: number): number {
  return Math.imul(x, y);
}

/** Truncated towards zero, and 0 for a divisor of 0. */
export function divideIntegers(x: number, y: number): number {
  return y === 0 ? 0 : Math.trunc(x / y);
}

/** The sign of the dividend, and 0 for a divisor of 0. */
export function remainderIntegers(x: number, y: number): number {
  return y === 0 ? 0 : x % y;
}

/** Repeated squaring; a negative exponent gives 0 unless the base is 1 or -1. */
export function powerIntegers(base: number, exponent: number): number {
  if (exponent < 0) {
    if (base === 1) return 1;
    if (base === -1) return exponent % 2 === 0 ? 1 : -1;
    return 0;
  }
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}

/** A count of `bits` or more (negative counts read as unsigned) shifts everything out. */
export function shiftLeft(x: number, count: number, dtype: DType): number {
  return count >>> 0 >= bitsOf(dtype) ? 0 : x << count;
}

export function shiftRightLogical(x: number, count: number, dtype: DType): number {
  const bits = bitsOf(dtype);
  return count >>> 0 >= bits ? 0 : (bits < 32 ? x & (2 ** bits - 1) : x) >>> count;
}

/** Fills with the highest bit, which for unsigned dtypes is an ordinary bit that happens to be on top. */
export function shiftRightArithmetic(x: number, count: number, dtype: DType): number {
  const by = 32 - bitsOf(dtype);
  const signed = (x << by) >> by;
  return signed >> Math.min(count >>> 0, 31);
}
