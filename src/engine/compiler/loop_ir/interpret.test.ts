import { describe, expect, it } from "vitest";
import type { TypedArray } from "../../tensor/dtype.ts";
import { type Buffer, type Expr, ExprTable, type OpName, type Type } from "./expr.ts";
import { loopVar } from "./index_expr.ts";
import { emptyEnv, evaluate, evaluateIndex, evaluateLanes, runKernel, runProgram } from "./interpret.ts";
import type { Kernel, Stmt } from "./stmt.ts";

const t = new ExprTable();
const value = (e: Expr): number => evaluate(e, emptyEnv());
const constant = (type: Type, x: number): Expr => t.const(type, x);

/** The value of an operation on constants of one type. */
function op(name: OpName, type: Type, ...xs: number[]): number {
  return value(
    t.op(
      name,
      xs.map((x) => constant(type, x)),
    ),
  );
}

describe("evaluate", () => {
  it("wraps integers around and truncates division", () => {
    expect(op("add", "int32", 2147483647, 1)).toBe(-2147483648);
    expect(op("mul", "int32", 123456789, 987654321)).toBe(Math.imul(123456789, 987654321));
    expect(op("sub", "uint32", 0, 1)).toBe(4294967295);
    expect(op("neg", "uint32", 1)).toBe(4294967295);
    expect([op("div", "int32", -7, 2), op("rem", "int32", -7, 2)]).toEqual([-3, -1]);
    expect(op("abs", "int32", -2147483648)).toBe(-2147483648);
    expect([op("shr", "int32", -8, 1), op("shr", "uint32", 4294967288, 1)]).toEqual([-4, 2147483644]);
  });

  it("rounds every float32 operation", () => {
    expect(op("add", "float32", 16777216, 1)).toBe(16777216);
    expect(op("mul", "float32", 0.1, 0.1)).toBe(Math.fround(Math.fround(0.1) * Math.fround(0.1)));
    expect(op("add", "float64", 16777216, 1)).toBe(16777217);
    expect(op("fma", "float32", 1 + 2 ** -23, 1 + 2 ** -23, -1 - 2 ** -22)).toBe(2 ** -46);
  });

  it("rounds halves to even and keeps the sign of zero", () => {
    const xs = [0.5, 1.5, 2.5, -0.5, -1.5, 2.7, -2.7, -0];
    expect(xs.map((x) => op("nearest", "float32", x))).toEqual([0, 2, 2, -0, -2, 3, -3, -0]);
  });

  it("saturates conversions to integers", () => {
    const convert = (x: number, to: Type): number => value(t.op("convert", [constant("float64", x)], to));
    expect([convert(3e9, "int32"), convert(-3e9, "int32"), convert(Number.NaN, "int32")]).toEqual([
      2147483647, -2147483648, 0,
    ]);
    expect([convert(-1.5, "uint32"), convert(5e9, "uint32"), convert(2.9, "uint32")]).toEqual([
      0, 4294967295, 2,
    ]);
    expect([convert(Number.NaN, "bool"), convert(0, "bool"), convert(0.1, "float32")]).toEqual([
      1,
      0,
      Math.fround(0.1),
    ]);
    expect(value(t.op("convert", [constant("int32", -1)], "uint32"))).toBe(4294967295);
  });

  it("lets NaN win in min and max and lose in comparisons", () => {
    expect([op("min", "float32", Number.NaN, 1), op("max", "float32", 1, Number.NaN)]).toEqual([
      Number.NaN,
      Number.NaN,
    ]);
    expect([op("eq", "float32", Number.NaN, Number.NaN), op("ne", "float32", Number.NaN, 1)]).toEqual([0, 1]);
    expect(op("lt", "float32", 1, Number.NaN)).toBe(0);
  });

  it("reads bits", () => {
    expect(value(t.op("bitcast", [constant("float32", 1)], "int32"))).toBe(0x3f800000);
    expect(value(t.op("bitcast", [constant("uint32", 0x40490fdb)], "float32"))).toBe(Math.fround(Math.PI));
    const pi = constant("float64", Math.PI);
    expect([value(t.op("hi32", [pi])), value(t.op("lo32", [pi]))]).toEqual([0x400921fb, 0x54442d18]);
    expect(value(t.op("f64_from_words", [t.op("hi32", [pi]), t.op("lo32", [pi])]))).toBe(Math.PI);
  });

  it("works lane by lane", () => {
    const ramp = t.ramp(4);
    const odd = t.op("eq", [t.op("and", [ramp, t.const("int32", 1, 4)]), t.const("int32", 1, 4)]);
    const chosen = t.op("select", [odd, t.op("mul", [ramp, ramp]), t.splat(constant("int32", -1), 4)]);
    expect(evaluateLanes(chosen, emptyEnv())).toEqual([-1, 1, -1, 9]);
    expect(value(t.extract(chosen, 3))).toBe(9);
    expect(evaluateLanes(t.pack([0, 1, 2].map((lane) => t.extract(chosen, lane))), emptyEnv())).toEqual([
      -1, 1, -1,
    ]);
  });

  it("takes floors in index arithmetic", () => {
    const v = loopVar(9);
    const shifted = t.index.addConstant(t.index.variable(v), -4);
    const index = t.index.add(t.index.mul(t.index.div(shifted, 3), 10), t.index.mod(shifted, 3));
    const at = (i: number): number => evaluateIndex(index, { ...emptyEnv(), variables: new Map([[v, i]]) });
    expect([0, 1, 4, 8].map(at)).toEqual([-18, -10, 0, 11]);
  });
});

describe("runKernel", () => {
  const numbers: Buffer = { id: 0, dtype: "int32", size: 6 };
  const total: Buffer = { id: 1, dtype: "uint8", size: 2 };
  const at = (i: number): ReturnType<typeof t.index.constant> => t.index.constant(i);
  const v = loopVar(6);
  const sum = t.register("int32");
  const even = t.op("eq", [
    t.op("and", [t.load(numbers, t.index.variable(v)), constant("int32", 1)]),
    constant("int32", 0),
  ]);
  const more: Stmt = {
    kind: "set",
    register: sum,
    value: t.op("add", [t.reg(sum), t.load(numbers, t.index.variable(v))]),
  };
  const body: Stmt[] = [
    { kind: "set", register: sum, value: constant("int32", 0) },
    {
      kind: "for",
      variable: v,
      begin: 1,
      end: 6,
      step: 2,
      parallel: false,
      body: [{ kind: "if", condition: even, body: [more] }],
    },
    { kind: "store", buffer: total, index: at(1), value: t.reg(sum) },
  ];
  const kernel: Kernel = { name: "even", body, reads: [numbers], writes: [total], scratch: [] };

  it("runs loops, conditions, registers and stores", () => {
    const memory = new Map<Buffer, TypedArray>([
      [numbers, Int32Array.of(100, 200, 3, 5, 7, 100)],
      [total, new Uint8Array(2)],
    ]);
    runKernel(kernel, memory);
    expect(memory.get(total)).toEqual(Uint8Array.of(0, 300 & 255));
  });

  it("refuses to read outside of a buffer", () => {
    const memory = new Map<Buffer, TypedArray>([
      [numbers, Int32Array.of(1)],
      [total, new Uint8Array(2)],
    ]);
    expect(() => runKernel(kernel, memory)).toThrow("load of element 1 of 1");
  });

  it("runs the steps of a program", () => {
    const [count, round]: Buffer[] = [
      { id: 2, dtype: "int32", size: 1 },
      { id: 3, dtype: "int32", size: 1 },
    ];
    const add = t.op("add", [t.load(total, at(0)), t.load(round!, at(0))]);
    const step: Kernel = { ...kernel, body: [{ kind: "store", buffer: total, index: at(0), value: add }] };
    const memory = new Map<Buffer, TypedArray>([
      [count!, Int32Array.of(4)],
      [round!, Int32Array.of(0)],
      [total, new Uint8Array(2)],
      [numbers, new Int32Array(6)],
    ]);
    const loop = {
      kind: "loop",
      count: count!,
      index: round!,
      body: [{ kind: "kernel", kernel: step }],
    } as const;
    runProgram({ steps: [loop], places: new Map(), arenaBytes: 0, privateBytes: 0 }, memory);
    expect(memory.get(total)![0]).toBe(6);
  });
});
