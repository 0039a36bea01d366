/** Powers and roots. */
import type { Expr, ExprTable } from "../loop_ir/index.ts";
import { artanhTail, split } from "./log.ts";
import type { Coefficients, FloatType, Ops } from "./ops.ts";

/** A number in two parts, the second small beside the first. */
interface Pair {
  readonly hi: Expr;
  readonly lo: Expr;
}

/** x + y exactly, for |x| >= |y|. */
function fastSum(o: Ops, x: Expr, y: Expr): Pair {
  const hi = o.add(x, y);
  return { hi, lo: o.sub(y, o.sub(hi, x)) };
}

/** x·y exactly (in float64 up to 2^-106 of it): by halves, because `fma` may round twice. */
function product(o: Ops, x: Expr, y: Expr): Pair {
  const count = o.type === "float32" ? 12 : 27;
  const [xh, yh] = [o.dropBits(x, count), o.dropBits(y, count)];
  const [xl, yl] = [o.sub(x, xh), o.sub(y, yh)];
  const hi = o.mul(x, y);
  const lo = o.fma(xl, yl, o.fma(xl, yh, o.fma(xh, yl, o.sub(o.mul(xh, yh), hi))));
  return { hi, lo };
}

/** 2 / ln 2 and 1/3, each in two parts. */
const twoLog2e: { readonly [T in FloatType]: readonly [number, number] } = {
  float32: [2.885390043258667, 3.851925982253235e-8],
  float64: [2.8853900817779268, 4.0710547481862066e-17],
};
const third: { readonly [T in FloatType]: readonly [number, number] } = {
  float32: [0.3333333432674408, -9.934107481068821e-9],
  float64: [0.3333333333333333, 1.850371707708594e-17],
};

/** (2ʳ - 1) / r for |r| <= ½, error of the power below 2^-28 and 2^-63. */
const exp2Tail: Coefficients = {
  float32: [0.6931472, 0.24022648, 0.05550329, 0.009618402, 0.0013400216, 0.00015367914],
  float64: [
    0.6931471805599453, 0.24022650695910072, 0.055504108664821625, 0.00961812910762848, 0.0013333558146406117,
    0.00015403530393370558, 1.5252733842009231e-5, 1.3215486808929518e-6, 1.0178056855501161e-7,
    7.054897189206508e-9, 4.455859112330208e-10, 2.572952812566595e-11,
  ],
};

/** log2 of a positive finite number, with half a dozen bits more than one number of the type holds. */
function log2(o: Ops, x: Expr): Pair {
  // log2 x = k + 2/ln 2 · artanh s with s = (m - 1) / (m + 1).
  const { k, m } = split(o, x);
  const f = o.sub(m, 1);
  const d = fastSum(o, o.c(1), m);
  const s = o.div(f, d.hi);
  const back = product(o, s, d.hi);
  const sLow = o.div(o.sub(o.sub(o.sub(f, back.hi), back.lo), o.mul(s, d.lo)), d.hi);
  // artanh s = s·(1 + v) with v = s²/3 + ..., of which s²/3 is wanted in two parts.
  const z = product(o, s, s);
  const zLow = o.fma(o.mul(s, 2), sLow, z.lo);
  const [thirdHi, thirdLo] = third[o.type];
  const v = product(o, z.hi, o.c(thirdHi));
  const more = o.mul(o.mul(z.hi, z.hi), tailAfterThird(o, z.hi));
  const vLow = o.add(o.fma(z.hi, thirdLo, o.fma(zLow, thirdHi, v.lo)), more);
  const sv = product(o, s, v.hi);
  const low = o.add(sLow, o.fma(s, vLow, o.fma(sLow, v.hi, sv.lo)));
  const first = fastSum(o, s, sv.hi);
  const artanh = fastSum(o, first.hi, o.add(first.lo, low));
  const [scaleHi, scaleLo] = twoLog2e[o.type];
  const scaled = product(o, artanh.hi, o.c(scaleHi));
  const scaledLow = o.fma(artanh.hi, scaleLo, o.fma(artanh.lo, scaleHi, scaled.lo));
  const sum = fastSum(o, k, scaled.hi);
  return fastSum(o, sum.hi, o.add(sum.lo, scaledLow));
}

/** (artanh s - s - s³/3) / s⁵ in s². */
function tailAfterThird(o: Ops, z: Expr): Expr {
  return o.poly(z, { float32: artanhTail.float32.slice(1), float64: artanhTail.float64.slice(1) });
}

/** xʸ with all of C's special cases; at most 2 ulp off. */
export function power(o: Ops, x: Expr, y: Expr): Expr {
  const a = o.abs(x);
  const log = log2(o, a);
  // Beyond `limit` the result has overflowed or vanished, whatever the lower part.
  const limit = o.type === "float32" ? 200 : 2000;
  const p = product(o, y, log.hi);
  const low = o.select(o.lt(o.abs(p.hi), limit), o.fma(y, log.lo, p.lo), 0);
  const exponent = o.fmax(o.fmin(p.hi, limit), -limit);
  const n = o.unary("nearest", exponent);
  const r = o.add(o.sub(exponent, n), low);
  const regular = o.scale(o.fma(o.poly(r, exp2Tail), r, 1), n);

  const isZero = o.eq(a, 0);
  const isExtreme = o.or(isZero, o.eq(a, Number.POSITIVE_INFINITY));
  const vanishes = o.xor(isZero, o.lt(y, 0));
  const size = o.select(isExtreme, o.select(vanishes, 0, Number.POSITIVE_INFINITY), regular);
  const whole = o.eq(o.unary("trunc", y), y);
  const half = o.mul(y, 0.5);
  const odd = o.and(whole, o.t.op("ne", [o.unary("trunc", half), half]));
  const signed = o.withSign(o.select(o.eq(a, 1), 1, size), o.select(odd, o.signBit(x), o.int(0)));
  const noReal = o.and(o.and(o.lt(x, 0), o.lt(a, Number.POSITIVE_INFINITY)), o.t.op("not", [whole]));
  const undefinedHere = o.or(o.or(o.isNaN(x), o.isNaN(y)), noReal);
  const one = o.or(o.eq(y, 0), o.eq(x, 1));
  return o.select(one, 1, o.select(undefinedHere, Number.NaN, signed));
}

/** xʸ for integers, by repeated squaring, with wrap-around; 0 for negative exponents unless x is 1 or -1. */
export function integerPower(t: ExprTable, x: Expr, y: Expr, signed: boolean): Expr {
  const c = (value: number): Expr => t.const(x.type, value);
  let result = c(1);
  let square = x;
  for (let bit = 0; bit < 32; bit++) {
    const isSet = t.op("ne", [
      t.op("and", [y, c(bit === 31 && x.type === "int32" ? -2147483648 : 2 ** bit)]),
      c(0),
    ]);
    result = t.op("mul", [result, t.op("select", [isSet, square, c(1)])]);
    if (bit < 31) square = t.op("mul", [square, square]);
  }
  if (!signed) return result;
  // For 1 and -1 the bits of a negative exponent already give the power: (-1)ʸ needs the lowest alone.
  const isUnit = t.op("or", [t.op("eq", [x, c(1)]), t.op("eq", [x, c(-1)])]);
  const vanishes = t.op("and", [t.op("lt", [y, c(0)]), t.op("not", [isUnit])]);
  return t.op("select", [vanishes, c(0), result]);
}

/** 1 / √x; at most 2 ulp off. */
export function rsqrt(o: Ops, x: Expr): Expr {
  return o.div(1, o.sqrt(x));
}

/** The cube root, from a guess that divides the exponent by three; at most 2 ulp off. */
export function cbrt(o: Ops, x: Expr): Expr {
  const a = o.abs(x);
  // Scaled so that neither it nor its reciprocal is subnormal.
  const [power, bias] = o.type === "float32" ? [48, 127] : [255, 1023];
  const small = o.lt(a, 1);
  const m = o.mul(a, o.select(small, 2 ** power, 2 ** -power));
  const { fraction } = o.layout;
  // The word with the exponent is nearly linear in the logarithm; 0.03 centres the error of that.
  const third = o.add(o.mul(o.fromInt(o.high(m)), 1 / 3), ((2 * bias) / 3 - 0.03) * 2 ** fraction);
  let root = o.fromHigh(o.t.op("convert", [third], "int32"));
  const inverse = o.div(1, m);
  for (let step = o.type === "float32" ? 2 : 3; step > 0; step--) {
    // (1 + e)^(-1/3) as a series, with e the relative excess of the cube.
    const e = o.sub(o.mul(o.mul(o.mul(root, root), inverse), root), 1);
    const change = o.fma(o.fma(e, -14 / 81, 2 / 9), e, -1 / 3);
    root = o.fma(o.mul(root, e), change, root);
  }
  const y = o.withSign(o.mul(root, o.select(small, 2 ** (-power / 3), 2 ** (power / 3))), o.signBit(x));
  const regular = o.and(o.gt(a, 0), o.lt(a, Number.POSITIVE_INFINITY));
  return o.select(regular, y, x);
}
