/**
 * Exponentials. x = n·ln 2 + r with |r| <= ln 2 / 2; a polynomial gives eʳ; 2ⁿ is made of bits. Overflow, gradual
 * underflow, infinities and NaN come out right without a test: clamps keep NaN, and so does all that follows.
 */
import type { Expr } from "../loop_ir/index.ts";
import type { Coefficients, FloatType, Ops } from "./ops.ts";

/** ln 2 in two parts: n times the first is exact for every exponent n. */
export const ln2: { readonly [T in FloatType]: readonly [number, number] } = {
  float32: [0.693145751953125, 1.4286068203094173e-6],
  float64: [0.6931471803691238, 1.9082149292705877e-10],
};

/** (eʳ - 1 - r) / r², so that the error of eʳ, relative to it, is below 2^-28 and 2^-60. */
const expTail: Coefficients = {
  float32: [0.49999994, 0.1666652, 0.041668363, 0.008368889, 0.001381736],
  float64: [
    0.5, 0.1666666666666667, 0.04166666666666667, 0.008333333333326112, 0.001388888888888373,
    0.0001984126987490126, 2.4801587325605324e-5, 2.7557255297969643e-6, 2.755727357010214e-7,
    2.5105259538448494e-8, 2.0914717341716378e-9,
  ],
};

/** The same, so that the error of eʳ - 1, relative to it, is below 2^-26 and 2^-59. */
const expm1Tail: Coefficients = {
  float32: [0.49999997, 0.16666542, 0.041667156, 0.008366656, 0.0013886631],
  float64: expTail.float64,
};

/** (e²ʰ - 1 - 2h) / 2h². */
const expm1Tail2: Coefficients = {
  float32: expm1Tail.float32.map((c, k) => c * 2 ** (k + 1)),
  float64: expm1Tail.float64.map((c, k) => c * 2 ** (k + 1)),
};

/** Where the results have settled: 0 below, infinity above. */
const bounds: { readonly [T in FloatType]: readonly [number, number] } = {
  float32: [-104, 89],
  float64: [-746, 710],
};

/** x = n·unit + r; `n` stands in the low bits of `bits`, with `bias` added. */
function reduce(o: Ops, x: Expr, bias: number, unit = 1): { n: Expr; r: Expr; bits: Expr } {
  const [hi, lo] = ln2[o.type];
  const magic = o.layout.magic + bias;
  const shifted = o.fma(x, Math.LOG2E / unit, magic);
  const n = o.sub(shifted, magic);
  const r = o.fma(n, -lo * unit, o.fma(n, -hi * unit, x));
  return { n, r, bits: o.low(shifted) };
}

/** eʳ for a reduced argument. */
function expReduced(o: Ops, r: Expr): Expr {
  return o.fma(o.fma(o.poly(r, expTail), r, 1), r, 1);
}

/** eˣ·2^shift; at most 1.2 ulp off. The shift keeps hyperbolic functions from overflowing early. */
export function exp(o: Ops, x: Expr, shift = 0): Expr {
  const [low, high] = bounds[o.type];
  // Masked scores end here by the million: a product that underflows takes processors a hundred times as long as another.
  const none = o.lt(x, low + shift);
  const clamped = o.fmin(o.select(none, 0, x), high - shift);
  const { r, bits } = reduce(o, clamped, 2 * o.layout.bias);
  const n = shift === 0 ? bits : o.add(bits, shift);
  return o.select(none, 0, o.scaleBiased(expReduced(o, r), n));
}

/** eˣ - 1; at most 2 ulp off. */
export function expm1(o: Ops, x: Expr): Expr {
  const high = bounds[o.type][1];
  const clamped = o.fmin(o.fmax(x, -40), high);
  // One power of two less than needed, doubled at the end: 2ⁿ itself may lie beyond the largest number.
  const { r, bits } = reduce(o, clamped, o.layout.bias - 1);
  const half = o.powerOfTwo(bits, true);
  const p = o.fma(o.mul(r, r), o.poly(r, expm1Tail), r);
  const y = o.fma(p, half, o.sub(half, 0.5));
  // Tiny arguments are their own result: so zeros keep their sign and subnormals their last bit.
  return o.select(o.lt(o.abs(x), 2 ** -60), x, o.add(y, y));
}

/** 1 / (1 + e⁻ˣ) as eˣ / (1 + eˣ); at most 2.5 ulp off, with gradual underflow. */
export function logistic(o: Ops, x: Expr): Expr {
  // From `top` on the result is 1. All is scaled up so that e to the lowest x is a normal number.
  const [top, up] = o.type === "float32" ? [20, 30] : [40, 60];
  const clamped = o.fmin(o.fmax(x, bounds[o.type][0]), top);
  const { r, bits } = reduce(o, clamped, o.layout.bias + up);
  const e = o.mul(expReduced(o, r), o.powerOfTwo(bits, true));
  return o.div(e, o.add(e, 2 ** up));
}

/** tanh x = E / (E + 1) with E = (e²|ˣ| - 1) / 2, which is good for small x too; at most 2.5 ulp off. */
export function tanh(o: Ops, x: Expr): Expr {
  const a = o.fmin(o.abs(x), o.type === "float32" ? 10 : 20);
  const { r, bits } = reduce(o, a, o.layout.bias, 0.5);
  const power = o.powerOfTwo(bits, true);
  const p = o.fma(o.mul(r, r), o.poly(r, expm1Tail2), r);
  const e = o.fma(p, power, o.fma(power, 0.5, -0.5));
  return o.withSign(o.div(e, o.add(e, 1)), o.signBit(x));
}
