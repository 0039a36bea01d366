/** Inverse trigonometric functions. */
import type { Expr } from "../loop_ir/index.ts";
import type { Coefficients, FloatType, Ops } from "./ops.ts";

/** π/2 in two parts. */
const halfPi: { readonly [T in FloatType]: readonly [number, number] } = {
  float32: [1.5707963705062866, -4.3711390001862426e-8],
  float64: [1.5707963267948966, 6.123233995736766e-17],
};

/** (atan z / z - 1) / z² in z² for 0 <= z <= 1, error of the arc tangent below 2^-28 and 2^-55. */
const atanTail: Coefficients = {
  float32: [
    -0.333333, 0.19998549, -0.14264242, 0.10952187, -0.08403455, 0.057957657, -0.031177903, 0.010914633,
    -0.0017936272,
  ],
  float64: [
    -0.3333333333333333, 0.1999999999999753, -0.14285714285384127, 0.11111111093490673, -0.09090908590888817,
    0.07692298970992893, -0.06666564698931106, 0.058815068755113956, -0.05257973323507442,
    0.04737749541027372, -0.042603565270787604, 0.03749486588901084, -0.03127718539386969,
    0.023696726920535812, -0.015535147956646072, 0.008368927892083756, -0.003495884239894055,
    0.0010496028819731507, -0.00019996175517017102, 1.806194046191601e-5,
  ],
};

/** (asin y / y - 1) / y² in y² for 0 <= y <= ½, error of the arc sine below 2^-27 and 2^-61. */
const asinTail: Coefficients = {
  float32: [0.16666752, 0.074952886, 0.04547161, 0.024172932, 0.04217828],
  float64: [
    0.16666666666666666, 0.07500000000000119, 0.044642857142550174, 0.030381944475694252,
    0.022372157435602967, 0.017352816769040026, 0.013963775780122216, 0.01156651190460282,
    0.009621402132285158, 0.009322104675700568, 0.0030349960165587638, 0.01957922708067628,
    -0.0192775799517718, 0.02963504646620605,
  ],
};

/** π/2·`times` - y. */
function fromHalfPi(o: Ops, times: number, y: Expr): Expr {
  const [hi, lo] = halfPi[o.type];
  return o.add(o.sub(times * hi, y), times * lo);
}

function atanUnit(o: Ops, z: Expr): Expr {
  const square = o.mul(z, z);
  return o.fma(o.mul(square, o.poly(square, atanTail)), z, z);
}

/** atan x; at most 3 ulp off. */
export function atan(o: Ops, x: Expr): Expr {
  const a = o.abs(x);
  const y = atanUnit(o, o.div(o.fmin(a, 1), o.fmax(a, 1)));
  return o.withSign(o.select(o.gt(a, 1), fromHalfPi(o, 1, y), y), o.signBit(x));
}

/** The angle of the point (x, y); signs of zeros count, as in C. At most 4 ulp off. */
export function atan2(o: Ops, y: Expr, x: Expr): Expr {
  const [ax, ay] = [o.abs(x), o.abs(y)];
  const steep = o.gt(ay, ax);
  const [small, large] = [o.select(steep, ax, ay), o.select(steep, ay, ax)];
  const quotient = o.div(small, o.select(o.eq(large, 0), 1, large));
  const z = o.select(o.eq(small, Number.POSITIVE_INFINITY), 1, quotient);
  const octant = atanUnit(o, z);
  const quadrant = o.select(steep, fromHalfPi(o, 1, octant), octant);
  const left = o.lt(o.high(x), 0);
  const angle = o.withSign(o.select(left, fromHalfPi(o, 2, quadrant), quadrant), o.signBit(y));
  return o.select(o.or(o.isNaN(x), o.isNaN(y)), Number.NaN, angle);
}

/** For |x| <= ½ its arc sine, beyond the arc sine of sqrt((1 - |x|) / 2), which is half the arc cosine of |x|. */
function asinCore(o: Ops, x: Expr): { near: Expr; core: Expr } {
  const a = o.abs(x);
  const near = o.le(a, 0.5);
  const half = o.mul(o.sub(1, a), 0.5);
  const z = o.select(near, o.mul(a, a), half);
  const y = o.select(near, a, o.sqrt(half));
  return { near, core: o.fma(o.mul(z, o.poly(z, asinTail)), y, y) };
}

/** asin x; at most 3 ulp off. */
export function asin(o: Ops, x: Expr): Expr {
  const { near, core } = asinCore(o, x);
  return o.withSign(o.select(near, core, fromHalfPi(o, 1, o.add(core, core))), o.signBit(x));
}

/** acos x; at most 3 ulp off. */
export function acos(o: Ops, x: Expr): Expr {
  const { near, core } = asinCore(o, x);
  const sign = o.signBit(x);
  const twice = o.add(core, core);
  const far = o.select(o.eq(sign, 0), twice, fromHalfPi(o, 2, twice));
  return o.select(near, fromHalfPi(o, 1, o.flipSign(core, sign)), far);
}
