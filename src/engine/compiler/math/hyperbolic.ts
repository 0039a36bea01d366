/** Hyperbolic functions beside tanh (which is in `exp.ts`), and the inverse ones. */
import type { Expr } from "../loop_ir/index.ts";
import { exp } from "./exp.ts";
import { log1p } from "./log.ts";
import type { Coefficients, Ops } from "./ops.ts";

/** (sinh x / x - 1) / x² in x² for |x| <= 1, error of the hyperbolic sine below 2^-34 and 2^-71. */
const sinhTail: Coefficients = {
  float32: [0.16666667, 0.00833335, 0.0001983616, 2.8169513e-6],
  float64: [
    0.16666666666666666, 0.008333333333333333, 0.00019841269841269773, 2.755731922404034e-6,
    2.5052108364058026e-8, 1.605904839635243e-10, 7.6466253615321e-13, 2.8445264203112217e-15,
  ],
};

/** sinh x; at most 2 ulp off. */
export function sinh(o: Ops, x: Expr): Expr {
  const a = o.abs(x);
  const z = o.mul(a, a);
  const small = o.fma(o.mul(z, o.poly(z, sinhTail)), a, a);
  // e|x| / 2, which overflows only where the result does.
  const half = exp(o, a, -1);
  const large = o.sub(half, o.div(0.25, half));
  return o.withSign(o.select(o.lt(a, 1), small, large), o.signBit(x));
}

/** cosh x; at most 2 ulp off. */
export function cosh(o: Ops, x: Expr): Expr {
  const half = exp(o, o.abs(x), -1);
  return o.add(half, o.div(0.25, half));
}

/** From here on 1 + x² is x², and the sum in the logarithm 2x. */
const large: { readonly float32: number; readonly float64: number } = { float32: 2 ** 13, float64: 2 ** 28 };

/** asinh x = log(|x| + sqrt(x² + 1)) with the sign of x, by log1p; at most 3 ulp off. */
export function asinh(o: Ops, x: Expr): Expr {
  const a = o.abs(x);
  const big = o.gt(a, large[o.type]);
  const z = o.mul(a, a);
  const more = o.div(z, o.add(o.sqrt(o.add(z, 1)), 1));
  const y = o.add(log1p(o, o.select(big, o.sub(a, 1), o.add(a, more))), o.select(big, Math.LN2, 0));
  return o.withSign(y, o.signBit(x));
}

/** acosh x = log(x + sqrt(x² - 1)), by log1p of what exceeds 1; at most 3 ulp off. */
export function acosh(o: Ops, x: Expr): Expr {
  const big = o.gt(x, large[o.type]);
  const d = o.sub(x, 1);
  const more = o.add(d, o.sqrt(o.mul(d, o.add(d, 2))));
  const y = o.add(log1p(o, o.select(big, d, more)), o.select(big, Math.LN2, 0));
  return o.select(o.lt(x, 1), Number.NaN, y);
}

/** atanh x = log((1 + |x|) / (1 - |x|)) / 2 with the sign of x, by log1p; at most 3 ulp off. */
export function atanh(o: Ops, x: Expr): Expr {
  const a = o.abs(x);
  const y = o.mul(log1p(o, o.div(o.add(a, a), o.sub(1, a))), 0.5);
  return o.withSign(y, o.signBit(x));
}
