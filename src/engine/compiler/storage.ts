/**
 * How elements of narrow dtypes stand in registers: integers of less than 32 bits as int32, 16-bit floats as float32. What
 * a register holds is always a number of the dtype: whoever computes one brings the result back with `settle`. So a result
 * of a 16-bit float is rounded once, where its primitive ends, whether it goes to memory or on to the next primitive of a
 * kernel; what happens inside a primitive, such as a sum, happens in float32.
 */
import { bitsOf, type DType, isFloat, isHalf, isUnsigned } from "../tensor/dtype.ts";
import type { HalfType } from "../tensor/half.ts";
import type { Buffer, Expr, ExprTable, Index } from "./loop_ir/index.ts";
import { Ops } from "./math/index.ts";

/** The element of a buffer as it is computed with. */
export function read(t: ExprTable, buffer: Buffer, index: Index): Expr {
  const stored = t.load(buffer, index);
  return isHalf(buffer.dtype) ? fromBits(t, stored, buffer.dtype) : stored;
}

/** What is to be written to a buffer of a dtype for an element. */
export function written(t: ExprTable, value: Expr, dtype: DType): Expr {
  return isHalf(dtype) ? toBits(t, value, dtype) : value;
}

/** A result as the dtype has it: integers wrap around, 16-bit floats are rounded to the nearest. */
export function settle(t: ExprTable, x: Expr, dtype: DType): Expr {
  if (isHalf(dtype)) return dtype === "float16" ? roundToFloat16(t, x) : roundToBfloat16(t, x);
  if (dtype === "bool" || isFloat(dtype)) return x;
  const bits = bitsOf(dtype);
  if (bits === 32) return x;
  if (isUnsigned(dtype)) return t.op("and", [x, t.const("int32", 2 ** bits - 1)]);
  return signExtend(t, x, bits);
}

/** The lowest bits of an int32 as a number with a sign. */
export function signExtend(t: ExprTable, x: Expr, bits: number): Expr {
  const by = t.const("int32", 32 - bits);
  return t.op("shr", [t.op("shl", [x, by]), by]);
}

/** The float32 of 16 bits in an int32. */
export function fromBits(t: ExprTable, bits: Expr, dtype: HalfType): Expr {
  const o = new Ops(t, "float32");
  if (dtype === "bfloat16") return o.fromHigh(o.shl(bits, 16));
  const magnitude = o.and(bits, 0x7fff);
  // The exponent is 112 too small: a product puts that right, for subnormal numbers too.
  const scaled = o.mul(o.fromHigh(o.shl(magnitude, 13)), 2 ** 112);
  const special = t.op("ge", [magnitude, o.int(0x7c00)]);
  const high = o.high(scaled);
  const whole = o.select(special, o.or(high, 0x7f800000), high);
  return o.fromHigh(o.or(whole, o.shl(o.and(bits, 0x8000), 16)));
}

/** The 16 bits of a float32 that the dtype holds, in an int32. */
export function toBits(t: ExprTable, x: Expr, dtype: HalfType): Expr {
  const o = new Ops(t, "float32");
  const high = o.high(x);
  if (dtype === "bfloat16") return o.and(o.shr(high, 16), 0xffff);
  const sign = o.and(o.shr(high, 16), 0x8000);
  const scaled = o.high(o.mul(o.abs(x), 2 ** -112));
  const magnitude = t.op("min", [o.shr(scaled, 13), o.int(0x7c00)]);
  return o.or(o.select(o.isNaN(x), o.int(0x7e00), magnitude), sign);
}

/** Adding half of what is cut off, less one if the last bit kept is even, carries where it should; NaN would too. */
function roundToBfloat16(t: ExprTable, x: Expr): Expr {
  const o = new Ops(t, "float32");
  const high = o.high(x);
  const odd = o.and(o.shr(high, 16), 1);
  const rounded = o.and(o.add(o.add(high, 0x7fff), odd), -0x10000);
  return o.fromHigh(o.select(o.isNaN(x), o.int(0x7fc00000), rounded));
}

/** A number of 2^13 times the size, added and taken away again, leaves the digits that float16 has. */
function roundToFloat16(t: ExprTable, x: Expr): Expr {
  const o = new Ops(t, "float32");
  const exponent = o.and(o.high(x), 0x7f800000);
  const [smallest, largest] = [o.int(0x38800000), o.int(0x47800000)];
  const inRange = t.op("min", [t.op("max", [exponent, smallest]), largest]);
  const large = o.fromHigh(o.or(o.add(inRange, 13 << 23), 0x400000));
  const rounded = o.abs(o.sub(o.add(x, large), large));
  const reached = o.select(o.gt(rounded, 65504), o.mul(rounded, Number.POSITIVE_INFINITY), rounded);
  // The sign, which zeros have lost.
  return o.withSign(reached, o.signBit(x));
}
