/**
 * Sine, cosine and tangent, right for every argument however large. The argument is counted in turns: x / 2π without its
 * integer part, from enough digits of 1 / 2π, as Payne and Hanek do it, but in floating point: each digit times half of
 * x is exact, and so is dropping the integer part of a product; digits that give whole turns only vanish by themselves.
 */
import type { Expr } from "../loop_ir/index.ts";
import type { Coefficients, FloatType, Ops } from "./ops.ts";

/** The first 1200 bits of 1 / 2π. */
const inverseTurn: bigint = BigInt(
  "0x28be60db9391054a7f09d5f47d4d377036d8a5664f10e4107f9458eaf7aef1586dc91b8e909374b801924bba827464873f87" +
    "7ac72c4a69cfba208d7d4baed1213a671c09ad17df904e64758e60d4ce7d272117e2ef7e4a0ec7fe25fff7816603fbcbc462" +
    "d6829b47db4d9fb3c9f2c26dd3d18fd9a797fa8b5d49eeb1faf97c5ecf41ce7de294a4ba9afed7ec47e357421580cc11bf1e",
);

/** How 1 / 2π is cut: `width` bits a digit, `count` digits, scaled by 2^`scale` to stay among normal numbers. */
interface Digits {
  readonly width: number;
  readonly count: number;
  readonly scale: number;
}

/** Two halves of a fraction times a digit add up to at most a full fraction, so the sum of two products is exact. */
const digits: { readonly [T in FloatType]: Digits } = {
  float32: { width: 12, count: 16, scale: 64 },
  float64: { width: 26, count: 44, scale: 128 },
};

/** The digits of 1 / 2π as numbers that add up to it (times 2^scale), each between -½ and ½ of its base. */
function cut({ width, count, scale }: Digits): number[] {
  let rest = inverseTurn >> BigInt(1200 - width * count);
  const out = new Array<number>(count);
  const base = 1n << BigInt(width);
  for (let j = count - 1; j >= 0; j--) {
    let digit = rest & (base - 1n);
    if (digit >= base / 2n) digit -= base;
    rest = (rest - digit) / base;
    out[j] = Number(digit) * 2 ** (scale - width * (j + 1));
  }
  return out;
}

const inverseTurnDigits: { readonly [T in FloatType]: readonly number[] } = {
  float32: cut(digits.float32),
  float64: cut(digits.float64),
};

/** 2π in two parts. */
const turn: { readonly [T in FloatType]: readonly [number, number] } = {
  float32: [6.2831854820251465, -1.748455600074497e-7],
  float64: [6.283185307179586, 2.4492935982947064e-16],
};

/** (sin t / t - 1) / t² in t² for |t| <= π/4, error of the sine below 2^-28 and 2^-66. */
const sineTail: Coefficients = {
  float32: [-0.16666655, 0.008332156, -0.00019514632],
  float64: [
    -0.16666666666666666, 0.008333333333333331, -0.0001984126984126504, 2.755731921932057e-6,
    -2.505210622599127e-8, 1.60585305961941e-10, -7.586636857992798e-13,
  ],
};

/** (cos t - 1 + t²/2) / t⁴ in t², error of the cosine below 2^-33 and 2^-71. */
const cosineTail: Coefficients = {
  float32: [0.041666646, -0.001388731, 2.4432413e-5],
  float64: [
    0.041666666666666664, -0.0013888888888888887, 2.4801587301584632e-5, -2.755731922139218e-7,
    2.087675578740754e-9, -1.1470460308163127e-11, 4.7458378608075704e-14,
  ],
};

interface Reduced {
  readonly sine: Expr;
  readonly cosine: Expr;
  /** An int32 whose two lowest bits count quarter turns. */
  readonly quarter: Expr;
}

/** |x| = quarter·π/2 + t with |t| <= π/4, and the sine and cosine of t. */
function reduce(o: Ops, x: Expr): Reduced {
  const a = o.abs(x);
  const { width, scale } = digits[o.type];
  const scaled = o.mul(a, 2 ** -scale);
  const upper = o.dropBits(scaled, width);
  const lower = o.sub(scaled, upper);
  let turns = o.c(0);
  let lost = o.c(0);
  const list = inverseTurnDigits[o.type];
  for (let j = 0; j <= list.length; j++) {
    let term: Expr | undefined;
    if (j > 0) term = o.mul(lower, list[j - 1]!);
    const digit = list[j];
    if (digit !== undefined) term = term === undefined ? o.mul(upper, digit) : o.fma(upper, digit, term);
    const sum = o.add(turns, term!);
    lost = o.add(lost, o.sub(term!, o.sub(sum, turns)));
    turns = o.sub(sum, o.unary("nearest", sum));
  }
  const { magic } = o.layout;
  const shifted = o.fma(turns, 4, magic);
  const rest = o.fma(o.sub(shifted, magic), -0.25, turns);
  const whole = o.add(rest, lost);
  const stillLost = o.sub(lost, o.sub(whole, rest));
  const [hi, lo] = turn[o.type];
  const reduced = o.fma(whole, hi, o.fma(whole, lo, o.mul(stillLost, hi)));
  const small = o.le(a, Math.PI / 4);
  const t = o.select(small, a, reduced);
  const quarter = o.select(small, o.int(0), o.low(shifted));
  const z = o.mul(t, t);
  const sine = o.fma(o.mul(z, o.poly(z, sineTail)), t, t);
  const cosine = o.fma(o.mul(z, z), o.poly(z, cosineTail), o.fma(z, -0.5, 1));
  return { sine, cosine, quarter };
}

const isEven = (o: Ops, n: Expr): Expr => o.eq(o.and(n, 1), 0);

/** sin x; at most 4 ulp off (2.5 away from the zeros), or 2^-46 (2^-104) near zeros beyond 10⁶. */
export function sin(o: Ops, x: Expr): Expr {
  const { sine, cosine, quarter } = reduce(o, x);
  const y = o.select(isEven(o, quarter), sine, cosine);
  return o.flipSign(y, o.xor(o.shl(o.and(quarter, 2), 30), o.signBit(x)));
}

/** cos x; as exact as sin x. */
export function cos(o: Ops, x: Expr): Expr {
  const { sine, cosine, quarter } = reduce(o, x);
  const y = o.select(isEven(o, quarter), cosine, sine);
  return o.flipSign(y, o.shl(o.and(o.add(quarter, 1), 2), 30));
}

/** tan x; at most 5 ulp off, with the same exception as sin x. */
export function tan(o: Ops, x: Expr): Expr {
  const { sine, cosine, quarter } = reduce(o, x);
  const even = isEven(o, quarter);
  const y = o.div(o.select(even, sine, cosine), o.select(even, cosine, sine));
  return o.flipSign(y, o.xor(o.shl(quarter, 31), o.signBit(x)));
}
