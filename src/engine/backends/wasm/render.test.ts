/** Rendered programs: what they compute, and the shape of their code. */
import { describe, expect, it } from "vitest";
import {
  type Buffer,
  type Expr,
  ExprTable,
  type Index,
  type LoopVar,
  loopVar,
  type Program,
  type Step,
  type Stmt,
} from "../../compiler/loop_ir/index.ts";
import type { DType, TypedArray } from "../../tensor/dtype.ts";
import { detectFeatures } from "./features.ts";
import { Lowering, newContext } from "./lower.ts";
import { render } from "./render.ts";
import { difference, execute, filled, forLoop, kernel, place } from "./testing.ts";
import type { Block, Item, Value } from "./values.ts";

/** Expects the same of wasm and of the interpreter. */
function check(...args: Parameters<typeof difference>): void {
  expect(difference(...args)).toBeUndefined();
}

const buffer = (id: number, dtype: DType, size: number): Buffer => ({ id, dtype, size });

/** Every combination of a number of loop rounds and a body, with small whole numbers in memory. */
function product(
  t: ExprTable,
  m: number,
  n: number,
  k: number,
  ids: readonly [number, number, number] = [1, 3, 4],
): { body: Stmt[]; memory: Map<Buffer, TypedArray> } {
  const x = t.index;
  const a = buffer(ids[0], "float32", m * k);
  const b = buffer(ids[1], "float32", k * n);
  const c = buffer(ids[2], "float32", m * n);
  const [i, j, l] = [loopVar(m), loopVar(n), loopVar(k)];
  const at = (v: LoopVar, coef: number, w: LoopVar, by: number, plus: number): Index => {
    return x.addConstant(x.add(x.mul(x.variable(v), coef), x.mul(x.variable(w), by)), plus);
  };
  const cells = [0, 1, 2, 3, 4, 5, 6, 7].map((id) => ({
    r: id >> 1,
    h: id & 1,
    sum: t.register("float32", 4),
  }));
  const step = cells.map(({ r, h, sum }): Stmt => {
    // The left side lies in rows of 4 columns, the right one in panels of 8.
    const [left, right] = [t.load(a, at(i, k, l, 4, r)), t.load(b, at(j, k, l, 8, 4 * h), 4)];
    return { kind: "set", register: sum, value: t.op("fma", [t.splat(left, 4), right, t.reg(sum)]) };
  });
  const body = [
    ...cells.map(({ sum }): Stmt => ({ kind: "set", register: sum, value: t.const("float32", 0, 4) })),
    forLoop(l, 0, k, 1, step),
    ...cells.map(({ r, h, sum }): Stmt => {
      return { kind: "store", buffer: c, index: at(i, n, j, 1, r * n + 4 * h), value: t.reg(sum) };
    }),
  ];
  const memory = new Map([a, b, c].map((o) => [o, filled("float32", o.size, (e) => ((e * 7919) % 11) - 5)]));
  return { body: [forLoop(j, 0, n, 8, [forLoop(i, 0, m, 4, body)])], memory };
}

/** The innermost loop of lowered statements. */
function innermost(block: Block): Extract<Item, { readonly kind: "loop" }> {
  const inside = block.items.filter((item) => item.kind === "loop").at(-1)!;
  return inside.block.items.some((item) => item.kind === "loop") ? innermost(inside.block) : inside;
}

/** The number of functions in a module. */
function functionsOf(steps: readonly Step[], memory: ReadonlyMap<Buffer, TypedArray>): number {
  const { code } = render({ steps, ...place([...memory.keys()]) }, detectFeatures());
  const names = WebAssembly.Module.customSections(new WebAssembly.Module(code), "name")[0]!;
  // The subsection of function names: its kind, its size, then the number of functions.
  const bytes = new Uint8Array(names);
  return bytes[bytes.findIndex((b, i) => i > 0 && b < 128) + 1]!;
}

describe("render", () => {
  it("computes nothing that may trap ahead of the condition that guards it", () => {
    const t = new ExprTable();
    const [i, j] = [loopVar(8), loopVar(4)];
    const [from, to, divisors] = [buffer(0, "int32", 16), buffer(2, "int32", 16), buffer(4, "int32", 8)];
    const guarded = t.load(from, t.index.mul(t.index.variable(i), 1e8));
    const divisor = t.load(divisors, t.index.variable(i));
    const first = t.op("lt", [t.indexValue(t.index.variable(i)), t.const("int32", 1)]);
    const nonzero = t.op("ne", [divisor, t.const("int32", 0)]);
    const store = (at: number, value: Expr): Stmt => {
      return { kind: "store", buffer: to, index: t.index.addConstant(t.index.variable(j), at), value };
    };
    const body: Stmt[] = [
      { kind: "if", condition: first, body: [store(0, guarded)] },
      { kind: "if", condition: nonzero, body: [store(4, t.op("div", [t.const("int32", 100), divisor]))] },
    ];
    const memory = new Map([
      [from, filled("int32", 16, (e) => e + 3)],
      [to, filled("int32", 16, () => 0)],
      [divisors, filled("int32", 8, (e) => (e * 3) % 4)],
    ]);
    check([kernel([forLoop(i, 0, 8, 1, [forLoop(j, 0, 4, 1, body)])])], memory);
  });

  it("reads backwards, and from before the beginning of what it skips", () => {
    const t = new ExprTable();
    const i = loopVar(40000);
    const [from, to, padded] = [
      buffer(0, "float32", 40000),
      buffer(2, "float32", 40000),
      buffer(4, "float32", 40000),
    ];
    const reversed = t.index.addConstant(t.index.mul(t.index.variable(i), -1), 39999);
    const before = t.index.addConstant(t.index.variable(i), -20000);
    const inside = t.op("ge", [t.indexValue(t.index.variable(i)), t.const("int32", 20000)]);
    const at = t.index.variable(i);
    const memory = new Map([
      [from, filled("float32", 40000, (e) => e)],
      [to, filled("float32", 40000, () => 0)],
      [padded, filled("float32", 40000, () => 0)],
    ]);
    const body: Stmt[] = [
      { kind: "store", buffer: to, index: at, value: t.load(from, reversed) },
      {
        kind: "if",
        condition: inside,
        body: [{ kind: "store", buffer: padded, index: at, value: t.load(from, before) }],
      },
    ];
    check([kernel([forLoop(i, 0, 40000, 1, body)])], memory);
  });

  it("keeps the inner loop of a product to loads, multiply-adds and one addition for each pointer", () => {
    const t = new ExprTable();
    const { body, memory } = product(t, 16, 16, 16);
    const context = newContext(place([...memory.keys()]).places, true);
    const lowering = new Lowering(context, "dot", context.scanner.body(body), "hot");
    lowering.body(body);
    const inner = innermost(lowering.root);
    expect(inner.inductions).toHaveLength(2);
    expect(inner.block.items.map((item) => item.kind)).toEqual(new Array(8).fill("set"));
    const instructions = (value: Value): string[] => {
      const own = value.home === inner.block && value.code.kind !== "variable" && "instruction" in value.code;
      return [...value.args.flatMap(instructions), ...(own ? [value.code.instruction] : [])];
    };
    const all = new Set(
      inner.block.items.flatMap((item) => (item.kind === "set" ? instructions(item.value) : [])),
    );
    expect(all).toEqual(new Set(["v128.load", "v128.load32_splat", "f32x4.relaxed_madd"]));
  });

  it("cuts hot nests into functions and gets the same", () => {
    const t = new ExprTable();
    const { body, memory } = product(t, 40, 88, 128);
    check([kernel(body)], memory);
    expect(functionsOf([kernel(body)], memory)).toBe(3);
    const small = product(t, 8, 8, 8);
    expect(functionsOf([kernel(small.body)], small.memory)).toBe(2);
  });

  it("prints kernels once that differ only in where their arrays lie", () => {
    const t = new ExprTable();
    const all = [
      product(t, 40, 88, 128),
      // In slots what was in the arena, and the other way round.
      product(t, 40, 88, 128, [6, 8, 5]),
      product(t, 40, 88, 64, [10, 12, 7]),
    ];
    const memory = new Map(all.flatMap((each) => [...each.memory]));
    const steps = all.map(({ body }) => kernel(body));
    check(steps, memory);
    expect(functionsOf(steps.slice(0, 1), memory)).toBe(3);
    expect(functionsOf(steps.slice(0, 2), memory)).toBe(3);
    expect(functionsOf(steps, memory)).toBe(5);
  });

  it("carries accumulators through the functions that it cuts out", () => {
    const t = new ExprTable();
    const [from, to] = [buffer(0, "int32", 100_000), buffer(1, "int32", 4)];
    const i = loopVar(100_000);
    const [sum, scale, least] = [t.register("int32", 4), t.register("int32", 1), t.register("int32", 1)];
    const at = t.index.variable(i);
    const scaled = t.op("mul", [t.load(from, at, 4), t.splat(t.reg(scale), 4)]);
    const body: Stmt[] = [
      { kind: "set", register: sum, value: t.const("int32", 1, 4) },
      { kind: "set", register: scale, value: t.const("int32", 3) },
      { kind: "set", register: least, value: t.const("int32", 5) },
      forLoop(i, 0, 99_998, 2, [
        { kind: "set", register: sum, value: t.op("add", [t.reg(sum), scaled]) },
        { kind: "set", register: least, value: t.op("min", [t.reg(least), t.load(from, at)]) },
      ]),
      { kind: "store", buffer: to, index: t.index.constant(0), value: t.reg(sum) },
      { kind: "store", buffer: to, index: t.index.constant(1), value: t.reg(least) },
    ];
    const memory = new Map([
      [from, filled("int32", 100_000, (e) => Math.imul(e, 0x9e3779b1))],
      [to, filled("int32", 4, () => 0)],
    ]);
    check([kernel(body)], memory);
    expect(functionsOf([kernel(body)], memory)).toBe(3);
  });

  it("runs loops of steps as often as memory says, and copies buffers", () => {
    const t = new ExprTable();
    const [count, index, sum, copy] = [
      buffer(0, "int32", 1),
      buffer(1, "int32", 1),
      buffer(2, "int32", 2),
      buffer(3, "int32", 2),
    ];
    const zero = t.index.constant(0);
    const add = t.op("add", [t.load(sum, zero), t.op("mul", [t.load(index, zero), t.load(index, zero)])]);
    const other = t.op("add", [t.load(copy, zero), t.const("int32", 1)]);
    const inner: Step = {
      kind: "loop",
      count,
      index,
      body: [kernel([{ kind: "store", buffer: sum, index: zero, value: add }])],
    };
    const last = kernel([{ kind: "store", buffer: sum, index: t.index.constant(1), value: other }]);
    for (const rounds of [0, 1, 7]) {
      const memory = new Map([
        [count, Int32Array.of(rounds)],
        [index, Int32Array.of(-1)],
        [sum, Int32Array.of(10, 0)],
        [copy, Int32Array.of(5, 0)],
      ]);
      check([inner, { kind: "copy", from: sum, to: copy }, last], memory);
      check([{ kind: "loop", count, index, body: [inner, { kind: "copy", from: sum, to: copy }] }], memory);
    }
  });

  it("merges small kernels into functions of bounded size", () => {
    const t = new ExprTable();
    const numbers = buffer(0, "float32", 64);
    const memory = new Map([[numbers, filled("float32", 64, (e) => e)]]);
    const steps = Array.from({ length: 100 }, (_, s) => {
      const body = Array.from({ length: 64 }, (_, e): Stmt => {
        const load = t.load(numbers, t.index.constant((e * 5 + s) % 64));
        return {
          kind: "store",
          buffer: numbers,
          index: t.index.constant(e),
          value: t.op("mul", [load, t.const("float32", 2 ** -(s + 1))]),
        };
      });
      return kernel(body);
    });
    check(steps, memory);
    expect(functionsOf(steps.slice(0, 5), memory)).toBe(2);
    expect(functionsOf(steps, memory)).toBeGreaterThan(3);
    expect(functionsOf(steps, memory)).toBeLessThan(20);
  });

  it("rounds multiply-add in scalars as in vectors, with and without relaxed SIMD", () => {
    const t = new ExprTable();
    const i = loopVar(64);
    const [a, out, wide] = [buffer(0, "float32", 64), buffer(2, "float32", 64), buffer(4, "float32", 64)];
    const at = t.index.variable(i);
    const value = (lanes: number): Expr =>
      t.op("fma", [t.load(a, at, lanes), t.load(a, at, lanes), t.const("float32", -0.7, lanes)]);
    const steps = [
      kernel([forLoop(i, 0, 64, 1, [{ kind: "store", buffer: out, index: at, value: value(1) }])]),
      kernel([forLoop(i, 0, 64, 4, [{ kind: "store", buffer: wide, index: at, value: value(4) }])]),
    ];
    const program: Program = { steps, ...place([a, out, wide]) };
    for (const features of [
      detectFeatures(),
      { simd: true, relaxedSimd: false, threads: false, vectorSums: 8 },
    ]) {
      const memory = new Map([a, out, wide].map((b) => [b, filled("float32", 64, (e) => Math.sin(e))]));
      execute(program, memory, features);
      expect(memory.get(out)).toEqual(memory.get(wide));
      const x = memory.get(a)! as Float32Array;
      if (!features.relaxedSimd) {
        const twice = x.map((v) => Math.fround(v * v) + Math.fround(-0.7));
        expect(memory.get(out)).toEqual(twice);
      } else x.forEach((v, e) => expect(memory.get(out)![e]).toBeCloseTo(v * v - 0.7, 6));
    }
  });

  it("clamps with fmin and fmax, keeping NaN on the left", () => {
    const t = new ExprTable();
    const i = loopVar(16);
    const [a, b, c] = [buffer(0, "float32", 16), buffer(1, "float32", 16), buffer(2, "float64", 16)];
    const at = t.index.variable(i);
    const clamp = (x: Expr): Expr => {
      const bound = (value: number): Expr => t.const(x.type, value, x.lanes);
      return t.op("fmax", [t.op("fmin", [x, bound(3)]), bound(-2)]);
    };
    const steps = [
      kernel([
        forLoop(i, 0, 16, 4, [{ kind: "store", buffer: b, index: at, value: clamp(t.load(a, at, 4)) }]),
      ]),
      kernel([forLoop(i, 0, 16, 1, [{ kind: "store", buffer: c, index: at, value: clamp(t.load(c, at)) }])]),
    ];
    const values = (e: number): number => (e === 5 ? Number.NaN : e - 8.5);
    check(
      steps,
      new Map([
        [a, filled("float32", 16, values)],
        [b, filled("float32", 16, values)],
        [c, filled("float64", 16, values)],
      ]),
    );
  });

  it("takes float64 apart and puts it together", () => {
    const t = new ExprTable();
    const i = loopVar(8);
    const [x, words, back] = [buffer(0, "float64", 8), buffer(1, "int32", 16), buffer(2, "float64", 8)];
    const at = t.index.variable(i);
    const [high, low] = [t.op("hi32", [t.load(x, at)]), t.op("lo32", [t.load(x, at)])];
    const body: Stmt[] = [
      { kind: "store", buffer: words, index: t.index.mul(at, 2), value: low },
      { kind: "store", buffer: words, index: t.index.addConstant(t.index.mul(at, 2), 1), value: high },
      { kind: "store", buffer: back, index: at, value: t.op("f64_from_words", [high, low]) },
    ];
    const numbers = Float64Array.of(1, -2.5, Math.PI, 1e300, -1e-300, 0, -0, Number.NEGATIVE_INFINITY);
    check(
      [kernel([forLoop(i, 0, 8, 1, body)])],
      new Map<Buffer, TypedArray>([
        [x, numbers],
        [words, new Int32Array(16)],
        [back, new Float64Array(8)],
      ]),
    );
  });
});
