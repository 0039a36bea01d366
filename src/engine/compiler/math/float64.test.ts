import { describe, expect, test } from "vitest";
import { type Expr, ExprTable } from "../loop_ir/index.ts";
import { binaryCases, type UnaryName, unaryCases } from "./float64_cases.ts";
import * as math from "./index.ts";
import { compileExpr } from "./testing.ts";

function ulp(x: number): number {
  return 2 ** (Math.max(-1022, Math.floor(Math.log2(Math.abs(x)))) - 52);
}

function compile(build: (o: math.Ops, x: Expr, y: Expr) => Expr): (x: number, y?: number) => number {
  const t = new ExprTable();
  const [x, y] = [t.register("float64"), t.register("float64")];
  const f = compileExpr(build(new math.Ops(t, "float64"), t.reg(x), t.reg(y)), [x, y]);
  return (a, b = 0) => f(a, b);
}

const special: Record<UnaryName, (x: number) => number> = {
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  logistic: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  erf: (x) => (Math.abs(x) === Number.POSITIVE_INFINITY ? Math.sign(x) : x),
  erfInv: (x) => (Math.abs(x) > 1 ? Number.NaN : x === 0 ? x : x / (1 - Math.abs(x))),
  cbrt: Math.cbrt,
  rsqrt: (x) => 1 / Math.sqrt(x),
};

/** The first number if it is within 3 ulp of the second, else the second. */
function nearby(got: number, exact: number): number {
  return exact !== 0 && Math.abs(got - exact) <= 3 * ulp(exact) ? got : exact;
}

describe("float64 functions", () => {
  const names = Object.keys(unaryCases) as UnaryName[];
  test.each(names)("%s", (name) => {
    const f = compile((o, x) => math[name](o, x));
    for (const [x, exact] of unaryCases[name])
      expect(Math.abs(f(x) - exact) / ulp(exact), `${name}(${x})`).toBeLessThanOrEqual(3);
    for (const x of [0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN])
      expect(f(x), `${name}(${x})`).toBe(special[name](x));
  });

  test.each(["power", "atan2"] as const)("%s", (name) => {
    const f = compile((o, x, y) => math[name](o, x, y));
    for (const [x, y, exact] of binaryCases[name])
      expect(Math.abs(f(x, y) - exact) / ulp(exact), `${name}(${x}, ${y})`).toBeLessThanOrEqual(3);
  });

  test("special cases of two operands", () => {
    const values = [0, -0, 1, -1, 0.5, -0.5, 2, -3, 1e300, -1e300, Infinity, -Infinity, NaN];
    const power = compile(math.power);
    const atan2 = compile(math.atan2);
    const remainder = compile(math.remainder);
    for (const x of values) {
      for (const y of values) {
        // JavaScript's power is C's but for bases of size 1.
        const isOne = x === 1 || (x === -1 && Math.abs(y) === Infinity);
        expect(power(x, y), `${x} ** ${y}`).toBe(nearby(power(x, y), isOne ? 1 : x ** y));
        expect(atan2(x, y), `atan2(${x}, ${y})`).toBe(nearby(atan2(x, y), Math.atan2(x, y)));
        expect(remainder(x, y), `${x} rem ${y}`).toBe(x % y);
      }
    }
    expect(remainder(1.7e308, 5e-324)).toBe(1.7e308 % 5e-324);
    expect(remainder(-1.7e308, 3.3e-310)).toBe(-1.7e308 % 3.3e-310);
    expect(remainder(1e22, 0.1)).toBe(1e22 % 0.1);
  });
});
