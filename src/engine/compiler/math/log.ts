/**
 * Logarithms. x = 2ᵏ·m with m between √½ and √2, and log x = k·ln 2 + log m, where log m = f - f²/2 + f³·P for f = m - 1.
 */
import type { Expr } from "../loop_ir/index.ts";
import { ln2 } from "./exp.ts";
import type { Coefficients, Ops } from "./ops.ts";

/** float32: (log(1 + f) - f + f²/2) / f³ in f, error of the logarithm below 2^-27. */
const direct: Coefficients["float32"] = [
  0.3333333, -0.2500082, 0.20001228, -0.16623358, 0.14201744, -0.13160156, 0.12761645, -0.07634633,
];

/** (artanh s - s) / s³ in s², error of artanh below 2^-64 in float64, 2^-37 in float32 (`power` uses it too). */
export const artanhTail: Coefficients = {
  float32: [0.3333333, 0.20000169, 0.14268598, 0.11792248],
  float64: [
    0.3333333333333333, 0.2000000000000044, 0.14285714285400308, 0.11111111196194969, 0.09090897784036032,
    0.07693121807845887, 0.06634334241878705, 0.06543859734361072,
  ],
};

/** The upper words of √½. */
const sqrtHalf: { readonly float32: number; readonly float64: number } = {
  float32: 0x3f3504f3,
  float64: 0x3fe6a09e,
};

/** x = 2ᵏ·m with √½ <= m < √2, for positive finite x; k is a float. */
export function split(o: Ops, x: Expr): { k: Expr; m: Expr } {
  const { fraction } = o.layout;
  const [smallest, lift] = o.type === "float32" ? [2 ** -126, 24] : [2 ** -1022, 54];
  const subnormal = o.lt(x, smallest);
  const normal = o.select(subnormal, o.mul(x, 2 ** lift), x);
  const bits = o.high(normal);
  const exponent = o.shr(o.sub(bits, sqrtHalf[o.type]), fraction);
  const m = o.withHigh(normal, o.sub(bits, o.shl(exponent, fraction)));
  const k = o.sub(o.fromInt(exponent), o.select(subnormal, lift, 0));
  return { k, m };
}

/** k·ln 2 + log(1 + f) + c, where c is small beside the rest. */
function assemble(o: Ops, k: Expr, f: Expr, c: Expr | undefined): Expr {
  const [hi, lo] = ln2[o.type];
  const square = o.mul(f, f);
  const halfSquare = o.mul(square, 0.5);
  const low = c === undefined ? o.mul(k, lo) : o.fma(k, lo, c);
  let tail: Expr;
  if (o.type === "float32") {
    tail = o.fma(o.mul(square, f), o.poly(f, { float32: direct, float64: [] }), low);
  } else {
    // With s = f / (2 + f), log(1 + f) = 2·artanh s = f - f²/2 + s·(f²/2 + R).
    const s = o.div(f, o.add(f, 2));
    const z = o.mul(s, s);
    const r = o.mul(o.mul(z, 2), o.poly(z, artanhTail));
    tail = o.fma(s, o.add(halfSquare, r), low);
  }
  return o.fma(k, hi, o.sub(f, o.sub(halfSquare, tail)));
}

/** Puts in the logarithms of numbers that are not positive and finite. */
function special(o: Ops, x: Expr, y: Expr): Expr {
  const other = o.select(o.eq(x, 0), Number.NEGATIVE_INFINITY, o.select(o.lt(x, 0), Number.NaN, x));
  return o.select(o.and(o.gt(x, 0), o.lt(x, Number.POSITIVE_INFINITY)), y, other);
}

/** The natural logarithm; at most 1 ulp off. */
export function log(o: Ops, x: Expr): Expr {
  const { k, m } = split(o, x);
  return special(o, x, assemble(o, k, o.sub(m, 1), undefined));
}

/** log(1 + x); at most 2 ulp off. */
export function log1p(o: Ops, x: Expr): Expr {
  const u = o.add(x, 1);
  const { k, m } = split(o, u);
  // What rounding took from 1 + x, exactly; log(u + e) = log u + e / u.
  const back = o.sub(u, 1);
  const e = o.add(o.sub(1, o.sub(u, back)), o.sub(x, back));
  const y = special(o, u, assemble(o, k, o.sub(m, 1), o.div(e, u)));
  return o.select(o.lt(o.abs(x), 2 ** -60), x, y);
}
