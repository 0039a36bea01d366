import { describe, expect, test } from "vitest";
import { makeNode, type Node } from "../graph/node.ts";
import { type Attrs, isElementwise, type Primitive, primitives } from "../graph/primitives.ts";
import { arrayFrom, type DType } from "../tensor/dtype.ts";
import { type ElementwisePrimitive, elementwise, elementwiseCost, expand } from "./elementwise.ts";
import { ExprTable, registerType } from "./loop_ir/index.ts";
import { compileExpr } from "./math/testing.ts";

type Attributes<P extends ElementwisePrimitive> = Attrs[P];

/** The row of a primitive as a function of stored elements. */
function evaluate<P extends ElementwisePrimitive>(
  op: P,
  from: DType,
  attrs: Attributes<P>,
  constants: Record<number, number> = {},
): (...args: number[]) => number {
  const t = new ExprTable();
  const { arity } = primitives[op];
  const dtypes = Array.from({ length: arity }, (_, i): DType => (op === "select" && i === 0 ? "bool" : from));
  const inputs = dtypes.map((dtype) => makeNode("parameter", [], { shape: [], dtype }, [], dtype));
  const registers = dtypes.map((dtype) => t.register(registerType(dtype)));
  const args = registers.map((r, i) => (i in constants ? t.const(r.type, constants[i]!) : t.reg(r)));
  const rule = primitives[op] as (typeof primitives)[Primitive];
  const { shape, dtype } = (
    rule.infer as (i: readonly Node[], a: unknown) => { shape: readonly number[]; dtype: DType }
  )(inputs, attrs);
  const expr = expand(t, args, makeNode(op, inputs, attrs, shape, dtype) as Node<ElementwisePrimitive>);
  expect(expr.type).toBe(registerType(dtype));
  const f = compileExpr(expr, registers);
  return (...values) => {
    const result = f(...values);
    // A register of a stored dtype holds just what the dtype holds.
    expect(arrayFrom(dtype, [result])[0], `${op} of ${values.join(", ")}`).toBe(
      dtype === "float32" ? Math.fround(result) : result,
    );
    return result;
  };
}

const minimum = -(2 ** 31);

test("there is a row for every elementwise primitive and for no other", () => {
  const names = (Object.keys(primitives) as Primitive[]).filter(isElementwise);
  expect(Object.keys(elementwise).sort()).toEqual(names.sort());
});

describe("integers", () => {
  const grid = [
    0,
    1,
    2,
    3,
    7,
    8,
    31,
    32,
    33,
    100,
    255,
    256,
    65537,
    2 ** 31 - 1,
    -1,
    -2,
    -3,
    -7,
    -256,
    -65537,
    minimum,
  ];
  const of: Record<"uint8" | "int8" | "uint16" | "int16" | "int32" | "uint32", number[]> = {
    uint8: grid.filter((x) => x >= 0 && x < 256),
    int8: [...new Set(grid.map((x) => (x << 24) >> 24)), 127, -128],
    uint16: [...new Set(grid.map((x) => x & 0xffff)), 32767, 32768],
    int16: [...new Set(grid.map((x) => (x << 16) >> 16)), 32767, -32768],
    int32: grid,
    uint32: [...new Set(grid.map((x) => x >>> 0))],
  };
  const wrap = {
    uint8: (x: bigint) => BigInt.asUintN(8, x),
    int8: (x: bigint) => BigInt.asIntN(8, x),
    uint16: (x: bigint) => BigInt.asUintN(16, x),
    int16: (x: bigint) => BigInt.asIntN(16, x),
    int32: (x: bigint) => BigInt.asIntN(32, x),
    uint32: (x: bigint) => BigInt.asUintN(32, x),
  };
  const bits = { uint8: 8n, int8: 8n, uint16: 16n, int16: 16n, int32: 32n, uint32: 32n };
  const powers = (x: bigint, y: bigint, width: number): bigint => {
    if (y < 0n) return x === 1n ? 1n : x === -1n ? (y % 2n === 0n ? 1n : -1n) : 0n;
    let [result, square] = [1n, x];
    for (let rest = y; rest > 0n; rest >>= 1n) {
      if (rest % 2n === 1n) result = BigInt.asUintN(width, result * square);
      square = BigInt.asUintN(width, square * square);
    }
    return result;
  };
  const exact: Record<string, (x: bigint, y: bigint, dtype: keyof typeof bits) => bigint> = {
    add: (x, y) => x + y,
    subtract: (x, y) => x - y,
    multiply: (x, y) => x * y,
    divide: (x, y) => (y === 0n ? 0n : x / y),
    remainder: (x, y) => (y === 0n ? 0n : x % y),
    power: (x, y, dtype) => powers(x, y, Number(bits[dtype])),
    maximum: (x, y) => (x > y ? x : y),
    minimum: (x, y) => (x < y ? x : y),
    and: (x, y) => x & y,
    or: (x, y) => x | y,
    xor: (x, y) => x ^ y,
    shift_left: (x, y, d) => (BigInt.asUintN(32, y) >= bits[d] ? 0n : x << y),
    shift_right_logical: (x, y, d) =>
      BigInt.asUintN(32, y) >= bits[d] ? 0n : BigInt.asUintN(Number(bits[d]), x) >> y,
    shift_right_arithmetic: (x, y, d) => {
      const count = BigInt.asUintN(32, y);
      return BigInt.asIntN(Number(bits[d]), x) >> (count >= bits[d] ? bits[d] - 1n : count);
    },
  };

  test.each(Object.keys(of) as (keyof typeof of)[])("binary operations of %s", (dtype) => {
    for (const [op, f] of Object.entries(exact)) {
      const row = evaluate(op as "add", dtype, {});
      for (const x of of[dtype])
        for (const y of of[dtype]) {
          const expected = Number(wrap[dtype](f(BigInt(x), BigInt(y), dtype)));
          expect(row(x, y), `${op}(${x}, ${y})`).toBe(expected + 0);
        }
    }
  });

  test("shifts by constants are the same as by other counts", () => {
    for (const op of ["shift_left", "shift_right_logical", "shift_right_arithmetic"] as const)
      for (const dtype of Object.keys(of) as (keyof typeof of)[])
        for (const count of [0, 3, 8, 31, 32]) {
          const [constant, variable] = [evaluate(op, dtype, {}, { 1: count }), evaluate(op, dtype, {})];
          for (const x of of[dtype]) expect(constant(x, count)).toBe(variable(x, count));
        }
  });

  test("unary operations", () => {
    const one = (op: ElementwisePrimitive, dtype: DType, x: number): number =>
      evaluate(op as "abs", dtype, {})(x);
    expect([5, -5, 0, minimum].map((x) => one("abs", "int32", x))).toEqual([5, 5, 0, minimum]);
    expect([5, -5, 0, minimum].map((x) => one("negate", "int32", x))).toEqual([-5, 5, 0, minimum]);
    expect([5, -5, 0, minimum].map((x) => one("sign", "int32", x))).toEqual([1, -1, 0, -1]);
    expect([5, 0].map((x) => one("negate", "uint8", x))).toEqual([251, 0]);
    expect([-128, 127].map((x) => one("negate", "int8", x))).toEqual([-128, -127]);
    expect([-32768, -5].map((x) => one("abs", "int16", x))).toEqual([-32768, 5]);
    expect(one("not", "uint16", 5)).toBe(65530);
    expect(one("negate", "uint32", 1)).toBe(2 ** 32 - 1);
    expect([0, 2 ** 32 - 1].map((x) => one("sign", "uint32", x))).toEqual([0, 1]);
    expect(one("abs", "uint32", 2 ** 32 - 1)).toBe(2 ** 32 - 1);
    expect([0, 5, 255].map((x) => one("not", "uint8", x))).toEqual([255, 250, 0]);
    expect(one("not", "int32", 5)).toBe(-6);
    expect(one("not", "uint32", 5)).toBe(2 ** 32 - 6);
    expect([0, 1].map((x) => one("not", "bool", x))).toEqual([1, 0]);
  });
});

describe("floats", () => {
  test.each(["float32", "float64"] as const)("%s", (dtype) => {
    const one = (op: ElementwisePrimitive, x: number): number => evaluate(op as "abs", dtype, {})(x);
    const values = [-2.5, -0.5, -0, 0, 0.5, 1.5, Infinity, -Infinity, NaN];
    expect(values.map((x) => one("sign", x))).toEqual([-1, -1, -0, 0, 1, 1, 1, -1, NaN]);
    expect(values.map((x) => one("round_nearest_even", x))).toEqual([
      -2,
      -0,
      -0,
      0,
      0,
      2,
      Infinity,
      -Infinity,
      NaN,
    ]);
    expect(values.map((x) => one("is_finite", x))).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0]);
    expect(values.map((x) => one("negate", x))).toEqual([
      2.5,
      0.5,
      0,
      -0,
      -0.5,
      -1.5,
      -Infinity,
      Infinity,
      NaN,
    ]);
    expect(one("exponential", 1)).toBeCloseTo(Math.E, 6);
    expect(one("erf_inv", 0.5)).toBeCloseTo(0.4769362762044699, 6);
    expect(evaluate("maximum", dtype, {})(1, NaN)).toBe(NaN);
    expect(evaluate("power", dtype, {})(-2, 3)).toBe(-8);
    expect(evaluate("remainder", dtype, {})(-7, 3)).toBe(-1);
    expect(evaluate("atan2", dtype, {})(0, -1)).toBeCloseTo(Math.PI, 6);
    expect(evaluate("divide", dtype, {})(1, 0)).toBe(Infinity);
  });
});

describe("conversions", () => {
  const c = (from: DType, to: DType, values: number[]): number[] =>
    values.map((x) => evaluate("convert", from, { dtype: to })(x));

  test("floats saturate", () => {
    const values = [-1e10, -1.9, -0.5, 0.5, 2.7, 300, 3e9, 1e10, Infinity, -Infinity, NaN].map(Math.fround);
    const top = 2 ** 31 - 1;
    expect(c("float32", "int32", values)).toEqual([minimum, -1, 0, 0, 2, 300, top, top, top, minimum, 0]);
    expect(c("float32", "uint32", values)).toEqual([0, 0, 0, 0, 2, 300, 3e9, 2 ** 32 - 1, 2 ** 32 - 1, 0, 0]);
    expect(c("float32", "uint8", values)).toEqual([0, 0, 0, 0, 2, 255, 255, 255, 255, 0, 0]);
    expect(c("float32", "bool", [0, -0, 0.5, NaN])).toEqual([0, 0, 1, 1]);
    expect(c("float32", "float64", [Math.fround(0.1)])).toEqual([Math.fround(0.1)]);
    expect(c("float64", "float32", [0.1])).toEqual([Math.fround(0.1)]);
  });

  test("integers wrap around", () => {
    expect(c("int32", "uint8", [-1, 256, 511])).toEqual([255, 0, 255]);
    expect(c("uint32", "uint8", [2 ** 32 - 1])).toEqual([255]);
    expect(c("int32", "uint32", [-1])).toEqual([2 ** 32 - 1]);
    expect(c("uint32", "int32", [2 ** 32 - 1])).toEqual([-1]);
    expect(c("uint8", "uint32", [255])).toEqual([255]);
    expect(c("uint8", "int32", [255])).toEqual([255]);
    expect(c("uint32", "float32", [2 ** 32 - 1])).toEqual([2 ** 32]);
    expect(c("uint8", "float32", [200])).toEqual([200]);
    expect(c("int32", "bool", [0, -3])).toEqual([0, 1]);
  });

  test("truth values are 0 and 1", () => {
    for (const to of ["bool", "uint8", "int32", "uint32", "float32", "float64"] as const)
      expect(c("bool", to, [0, 1])).toEqual([0, 1]);
  });

  test("bits", () => {
    expect(evaluate("bitcast_convert", "float32", { dtype: "int32" })(1)).toBe(0x3f800000);
    expect(evaluate("bitcast_convert", "uint32", { dtype: "float32" })(0x40000000)).toBe(2);
    expect(evaluate("bitcast_convert", "int32", { dtype: "int32" })(-5)).toBe(-5);
  });
});

test("comparisons and selection", () => {
  const less = evaluate("compare", "float32", { direction: "LT" });
  expect([less(1, 2), less(2, 1), less(NaN, 1)]).toEqual([1, 0, 0]);
  expect(evaluate("compare", "float32", { direction: "NE" })(NaN, NaN)).toBe(1);
  expect(evaluate("compare", "bool", { direction: "GT" })(1, 0)).toBe(1);
  expect(evaluate("compare", "uint32", { direction: "GT" })(2 ** 32 - 1, 1)).toBe(1);
  const select = evaluate("select", "uint8", {});
  expect([select(1, 7, 9), select(0, 7, 9)]).toEqual([7, 9]);
});

test("costs are counts of instructions", () => {
  expect(elementwiseCost("add", "float32")).toBe(1);
  expect(elementwiseCost("identity", "float32")).toBe(0);
  expect(elementwiseCost("exponential", "float32")).toBe(20);
  expect(elementwiseCost("tanh", "float32")).toBeLessThan(25);
  expect(elementwiseCost("sine", "float64")).toBeGreaterThan(100);
});
