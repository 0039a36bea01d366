import { describe, expect, test } from "vitest";
import { ExprTable } from "../loop_ir/index.ts";
import * as math from "./index.ts";
import { compileExpr } from "./testing.ts";

const word = new DataView(new ArrayBuffer(4));

function float(bits: number): number {
  word.setUint32(0, bits >>> 0);
  return word.getFloat32(0);
}

/** The distance between float32 numbers of the size of `x`. */
function ulp(x: number): number {
  const a = Math.abs(Math.fround(x));
  if (a < 2 ** -126) return 2 ** -149;
  return 2 ** (Math.min(127, Math.floor(Math.log2(a))) - 23);
}

/** Errors in ulp of the exact value; an unequal infinity, NaN, or sign of zero is infinitely wrong. */
function error(got: number, exact: number): number {
  const rounded = Math.fround(exact);
  if (Number.isFinite(got) && Number.isFinite(rounded) && (got !== 0 || rounded !== 0))
    return Math.abs(got - exact) / ulp(exact);
  return Object.is(got, rounded) ? 0 : Number.POSITIVE_INFINITY;
}

type Real = (x: number) => number;
type Unary = (o: math.Ops, x: ReturnType<ExprTable["reg"]>) => ReturnType<ExprTable["reg"]>;
type Binary = (
  o: math.Ops,
  x: ReturnType<ExprTable["reg"]>,
  y: ReturnType<ExprTable["reg"]>,
) => ReturnType<ExprTable["reg"]>;

function unary(f: Unary, fused: boolean): (x: number) => number {
  const t = new ExprTable();
  const x = t.register("float32");
  return compileExpr(f(new math.Ops(t, "float32"), t.reg(x)), [x], fused);
}

function binary(f: Binary, fused: boolean): (x: number, y: number) => number {
  const t = new ExprTable();
  const [x, y] = [t.register("float32"), t.register("float32")];
  return compileExpr(f(new math.Ops(t, "float32"), t.reg(x), t.reg(y)), [x, y], fused);
}

/** The complementary error function for a > 0: 1 less the series, or a continued fraction. */
function erfc(a: number): number {
  if (a < 2.5) return 1 - erfSeries(a);
  let fraction = 0;
  for (let k = 80; k > 0; k--) fraction = k / 2 / (a + fraction);
  return Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction);
}

function erfSeries(a: number): number {
  let [sum, term] = [a, a];
  for (let n = 1; n < 90; n++) {
    term *= (-a * a) / n;
    sum += term / (2 * n + 1);
  }
  return (sum * 2) / Math.sqrt(Math.PI);
}

const erf = (x: number): number =>
  x === 0 ? x : Math.abs(x) < 2.5 ? erfSeries(x) : Math.sign(x) * (1 - erfc(Math.abs(x)));

/** Function, its value in float64, and the error that its docstring promises. */
const functions: Record<string, [Unary, (x: number) => number, number]> = {
  exp: [(o, x) => math.exp(o, x), Math.exp, 1.2],
  expm1: [math.expm1, Math.expm1, 2],
  logistic: [math.logistic, (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))), 2.5],
  tanh: [math.tanh, Math.tanh, 2.5],
  log: [math.log, Math.log, 1],
  log1p: [math.log1p, Math.log1p, 1],
  sin: [math.sin, Math.sin, 2.5],
  cos: [math.cos, Math.cos, 2.5],
  tan: [math.tan, Math.tan, 4],
  asin: [math.asin, Math.asin, 2.5],
  acos: [math.acos, Math.acos, 2],
  atan: [math.atan, Math.atan, 2],
  sinh: [math.sinh, Math.sinh, 2],
  cosh: [math.cosh, Math.cosh, 2],
  asinh: [math.asinh, Math.asinh, 2],
  acosh: [math.acosh, Math.acosh, 2],
  atanh: [math.atanh, Math.atanh, 2],
  erf: [math.erf, erf, 2.5],
  cbrt: [math.cbrt, Math.cbrt, 2],
  rsqrt: [math.rsqrt, (x) => 1 / Math.sqrt(x), 2],
};

const special = [
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  2,
  -2,
  3,
  -3,
  2.5,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
  1e-40,
  -1e-40,
  2 ** -149,
  1e30,
  -1e30,
  2 ** 24,
  2 ** 24 + 2,
  2 ** 127,
  1 + 2 ** -23,
  1 - 2 ** -24,
];

const roundings = [
  ["fused", true],
  ["apart", false],
] as const;

describe.each(roundings)("float32 functions with products and sums %s", (_, fused) => {
  test.each(Object.entries(functions))("%s over all magnitudes", (_name, [f, exact, limit]) => {
    const compiled = unary(f, fused);
    let worst = 0;
    let where = 0;
    const check = (argument: number): void => {
      const x = Math.fround(argument);
      const e = error(compiled(x), exact(x));
      if (e > worst) [worst, where] = [e, x];
    };
    special.forEach(check);
    for (let bits = 0; bits < 2 ** 32; bits += 70001) check(float(bits));
    expect(worst, `at ${where}`).toBeLessThan(limit);
  });

  test("erf_inv against Newton's iteration on erf", () => {
    const compiled = unary(math.erfInv, fused);
    let worst = 0;
    const check = (x: number): void => {
      const got = compiled(x);
      let y = got;
      for (let i = 0; i < 3; i++) {
        const excess = x > 0.7 ? 1 - x - erfc(y) : erfSeries(y) - x;
        y -= ((excess * Math.sqrt(Math.PI)) / 2) * Math.exp(y * y);
      }
      worst = Math.max(worst, error(got, y), error(-compiled(-x), y));
    };
    for (let bits = 0x20000000; bits < 0x3f800000; bits += 70001) check(float(bits));
    for (let bits = 0x3f7fffff; bits > 0x3f7ff000; bits -= 31) check(float(bits));
    expect(worst).toBeLessThan(4);
    expect([0, -0, 1, -1, 2, Number.NaN].map(compiled)).toEqual([0, -0, Infinity, -Infinity, NaN, NaN]);
  });

  const random = lcg(7);
  const magnitudes = (): [number, number] => [float(random() * 2 ** 32), float(random() * 2 ** 32)];
  const moderate = (): [number, number] => [Math.fround(random() * 20 - 10), Math.fround(random() * 6 - 3)];
  const powers = (): [number, number] => {
    const x = Math.fround(random() * 4);
    return [x, Math.fround(((random() - 0.5) * 290) / Math.max(0.3, Math.abs(Math.log2(x))))];
  };
  const cPower = (x: number, y: number): number =>
    x === 1 || (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) ? 1 : x ** y;

  test.each<[string, Binary, (x: number, y: number) => number, number, (() => [number, number])[]]>([
    [
      "power",
      math.power,
      cPower,
      2,
      [magnitudes, powers, () => [Math.fround(random() * 8 - 4), Math.floor(random() * 20 - 10)]],
    ],
    ["atan2", math.atan2, Math.atan2, 2, [magnitudes, moderate]],
    ["remainder", math.remainder, (x, y) => x % y, 1e-9, [magnitudes, moderate]],
  ])("%s", (_name, f, exact, limit, kinds) => {
    const compiled = binary(f, fused);
    let worst = 0;
    let where = "";
    const check = (a: number, b: number): void => {
      const [x, y] = [Math.fround(a), Math.fround(b)];
      const e = error(compiled(x, y), exact(x, y));
      if (e > worst) [worst, where] = [e, `${x}, ${y}`];
    };
    for (const x of special) for (const y of special) check(x, y);
    for (const kind of kinds) for (let i = 0; i < 20000; i++) check(...kind());
    expect(worst, `at ${where}`).toBeLessThan(limit);
  });
});

/** Numbers in [0, 1), the same each time. */
function lcg(seed: number): () => number {
  let state = seed;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 16;
  };
  return () => (next() * 65536 + next()) / 2 ** 32;
}

test("near the zeros of sine and cosine", () => {
  for (const [, fused] of roundings) {
    const [sin, cos, tan] = [math.sin, math.cos, math.tan].map((f) => unary(f, fused)) as [Real, Real, Real];
    for (let k = 1; k < 3000; k++) {
      const x = Math.fround((k * Math.PI) / 2);
      const [e, exact] = k % 2 === 0 ? [sin(x), Math.sin(x)] : [cos(x), Math.cos(x)];
      expect(error(e, exact)).toBeLessThan(4);
      expect(error(tan(x), Math.tan(x))).toBeLessThan(5);
    }
    // The float that comes nearest to a multiple of π/2.
    const x = 16367173 * 2 ** 72;
    expect(Math.abs(cos(x) - Math.cos(x))).toBeLessThan(2 ** -46);
  }
});
