/** Functions of real numbers that JavaScript lacks or defines differently, to the accuracy of doubles. */

const twoOverSqrtPi = 2 / Math.sqrt(Math.PI);

/**
 * The error function: erf(x) = 2/√π · exp(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (2n+1)!!. All terms have one sign, so nothing cancels.
 * From 6 on the distance to 1 is below half a unit in the last place.
 */
export function erf(x: number): number {
  if (Number.isNaN(x) || x === 0) return x;
  if (Math.abs(x) >= 6) return Math.sign(x);
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > Math.abs(total) * 1e-18; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return twoOverSqrtPi * Math.exp(-x * x) * total;
}

/**
 * 1 - erf(x) for x >= 0 without cancellation: from 1 on Laplace's continued fraction
 * exp(-x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))), computed from its far end.
 */
export function erfc(x: number): number {
  if (x < 1) return 1 - erf(x);
  let tail = x;
  for (let k = 300; k >= 1; k--) tail = x + k / 2 / tail;
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * tail);
}

/**
 * The inverse of erf: Newton's method for log erfc(y) = log(1 - x), which is nearly a parabola, so that the few numbers
 * just below 1 are told apart as well as those near 0, where erf(y) = x itself is solved.
 */
export function erfInv(x: number): number {
  const p = Math.abs(x);
  if (!(p <= 1)) return Number.NaN;
  if (p === 1) return x * Number.POSITIVE_INFINITY;
  if (p === 0) return x;
  // Winitzki's formula is right to three digits.
  const l = Math.log((1 - p) * (1 + p));
  const a = 0.147;
  const b = 2 / (Math.PI * a) + l / 2;
  let y = p < 1e-4 ? p / twoOverSqrtPi : Math.sqrt(Math.sqrt(b * b - l / a) - b);
  for (let round = 0; round < 6; round++) {
    const slope = twoOverSqrtPi * Math.exp(-y * y);
    if (p < 0.5) {
      y -= (erf(y) - p) / slope;
    } else {
      const tail = erfc(y);
      y += (Math.log(tail / (1 - p)) * tail) / slope;
    }
  }
  return Math.sign(x) * y;
}

/** 1 / (1 + exp(-x)), without overflow on either side. */
export function logistic(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** The nearest whole number, halves to the even one; the sign of zero is kept. */
export function roundNearestEven(x: number): number {
  if (!Number.isFinite(x)) return x;
  const below = Math.floor(x);
  const rest = x - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  const rounded = up ? below + 1 : below;
  return rounded === 0 && (x < 0 || Object.is(x, -0)) ? -0 : rounded;
}

/** C's pow: unlike JavaScript's, 1 to any power is 1, and so is -1 to an infinite one. */
export function power(base: number, exponent: number): number {
  if (base === 1) return 1;
  if (base === -1 && Math.abs(exponent) === Number.POSITIVE_INFINITY) return 1;
  return base ** exponent;
}
