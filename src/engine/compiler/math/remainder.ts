/** The remainder of a floating point division. */
import type { Expr } from "../loop_ir/index.ts";
import { split } from "./log.ts";
import type { FloatType, Ops } from "./ops.ts";

interface Steps {
  /** Bits of the quotient that one step finds; few enough that the estimate of them is less than ½ off. */
  readonly bits: number;
  /** The most places by which two exponents differ. */
  readonly range: number;
  /** Half of the fraction's bits. */
  readonly half: number;
}

const steps: { readonly [T in FloatType]: Steps } = {
  float32: { bits: 20, range: 277, half: 12 },
  float64: { bits: 49, range: 2098, half: 27 },
};

/**
 * The remainder of x / y with the sign of x, exactly, as C's fmod: long division of the fractions, some bits of the
 * quotient at a time. Halves of fractions are multiplied, so that every product and every difference is exact.
 */
export function remainder(o: Ops, x: Expr, y: Expr): Expr {
  const [ax, ay] = [o.abs(x), o.abs(y)];
  const { bits, range, half } = steps[o.type];
  const top = split(o, ax);
  const bottom = split(o, ay);
  const divisor = bottom.m;
  const upper = o.dropBits(divisor, half);
  const lower = o.sub(divisor, upper);
  const inverse = o.div(-1, divisor);
  // The quotient has `places` binary places: the first step takes what does not fill a step, the others `bits` each.
  const places = o.sub(top.k, bottom.k);
  const full = o.unary("floor", o.mul(o.add(places, 0.5), 1 / bits));
  const first = o.fma(full, -bits, places);
  let rest = o.mul(top.m, o.powerOfTwo(o.low(o.add(first, o.layout.magic + o.layout.bias)), true));
  for (let step = 0; step * bits <= range; step++) {
    if (step > 0) rest = o.mul(rest, o.select(o.le(o.c(step), full), 2 ** bits, 1));
    // Less the nearest multiple, so that the rest lies between -¾ and ¾ of the divisor. `minus` is the quotient negated.
    const minus = o.unary("nearest", o.mul(rest, inverse));
    const minusUpper = o.dropBits(minus, half);
    const minusLower = o.sub(minus, minusUpper);
    rest = o.fma(minusUpper, lower, o.fma(minusUpper, upper, rest));
    rest = o.fma(minusLower, lower, o.fma(minusLower, upper, rest));
  }
  const positive = o.select(o.lt(rest, 0), o.add(rest, divisor), rest);
  const size = o.select(o.lt(ax, ay), ax, o.scale(positive, bottom.k));
  // Not for NaN and not for an infinite dividend or a zero divisor.
  const isDefined = o.and(o.lt(ax, Number.POSITIVE_INFINITY), o.gt(ay, 0));
  return o.select(isDefined, o.withSign(size, o.signBit(x)), Number.NaN);
}
