/** Random kernels, rendered, against the interpreter of the loop IR. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Buffer,
  type Expr,
  ExprTable,
  type Index,
  type LoopVar,
  loopVar,
  type Register,
  registerType,
  type Stmt,
  type Type,
} from "../../compiler/loop_ir/index.ts";
import type { DType, TypedArray } from "../../tensor/dtype.ts";
import { difference, filled, forLoop, kernel } from "./testing.ts";

/** Makes random kernels out of fast-check's choices, which shrink. */
class Maker {
  readonly t: ExprTable = new ExprTable();
  readonly memory: Map<Buffer, TypedArray> = new Map();
  readonly #variables: LoopVar[] = [];
  readonly #registers: Register[] = [];
  readonly #g: fc.GeneratorValue;

  constructor(g: fc.GeneratorValue) {
    this.#g = g;
    const special = [
      0,
      -0,
      1,
      -1,
      0.5,
      2.5,
      -3.5,
      1e10,
      -1e10,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      300,
      7,
      -2,
    ];
    const dtypes: readonly DType[] = [
      "float32",
      "float32",
      "int32",
      "uint32",
      "uint8",
      "bool",
      "float64",
      "float32",
      "int32",
      "int8",
      "uint16",
      "int16",
    ];
    dtypes.forEach((dtype, id) => {
      const at = (i: number): number => special[(i * 5 + id * 3 + (i >> 4)) % special.length]!;
      const whole = (i: number): number =>
        dtype === "bool" ? (i % 3) & 1 : Math.imul(i + id, 0x9e3779b1) >>> (i % 20);
      const values = filled(dtype, 160, dtype.startsWith("float") ? at : whole);
      this.memory.set({ id, dtype, size: 160 }, values);
    });
  }

  number(min: number, max: number): number {
    return this.#g(fc.integer, { min, max });
  }

  pick<T>(from: readonly T[]): T {
    return from[this.number(0, from.length - 1)]!;
  }

  /** An index of the range 0 … 160 - lanes. */
  index(lanes: number, depth: number): Index {
    const x = this.t.index;
    let sum = x.constant(0);
    for (const v of this.#variables) {
      const kind = this.number(0, 6);
      const at = x.variable(v);
      if (kind === 1) sum = x.add(sum, x.mul(at, this.pick([1, 1, 2, 4, -1, -4])));
      if (kind === 2)
        sum = x.add(sum, x.div(x.addConstant(x.mul(at, 2), this.number(-9, 9)), this.pick([3, 4])));
      if (kind === 3) sum = x.add(sum, x.mod(x.addConstant(at, this.number(-9, 9)), this.pick([3, 4])));
      if (kind === 4) sum = x.add(sum, at);
    }
    if (depth > 0 && this.number(0, 4) === 0) {
      const value = this.t.op("and", [this.expr("int32", 1, depth - 1), this.t.const("int32", 7)]);
      sum = x.add(sum, x.value(value, 0, 7));
    }
    const shift = this.number(-sum.min, 160 - lanes - sum.max);
    return x.addConstant(sum, shift);
  }

  expr(type: Type, lanes: number, depth: number): Expr {
    const { t } = this;
    const sub = (of: Type = type): Expr => this.expr(of, lanes, depth - 1);
    const leaf = depth <= 0 || this.number(0, 3) === 0;
    if (leaf) {
      const register = this.#registers.find((r) => r.type === type && r.lanes === lanes);
      if (register !== undefined && this.number(0, 1) === 0) return t.reg(register);
      if (this.number(0, 3) === 0) {
        const value = type === "bool" ? this.number(0, 1) : this.number(type === "uint32" ? 0 : -5, 5);
        return t.const(type, value, lanes);
      }
      if (type === "int32" && lanes === 1 && this.number(0, 2) === 0) return t.indexValue(this.index(1, 0));
      const buffers = [...this.memory.keys()].filter((b) => registerType(b.dtype) === type);
      return t.load(this.pick(buffers), this.index(lanes, depth), lanes);
    }
    if (lanes > 1) {
      const shape = this.number(0, 9);
      if (shape === 0) return t.splat(this.expr(type, 1, depth - 1), lanes);
      if (shape === 1) return t.pack(Array.from({ length: lanes }, () => this.expr(type, 1, depth - 1)));
      if (shape === 2 && type === "int32") return t.ramp(4);
    } else if (type !== "float64" && this.number(0, 9) === 0) {
      return t.extract(this.expr(type, 4, depth - 1), this.number(0, 3));
    }
    if (this.number(0, 5) === 0) return t.op("select", [sub("bool"), sub(), sub()]);
    if (type === "bool") {
      const kind = this.pick(["and", "or", "xor", "not", "compare", "convert"] as const);
      if (kind === "not") return t.op("not", [sub()]);
      const of = this.pick(lanes > 1 ? types.slice(0, 4) : types);
      if (kind === "convert") return t.op("convert", [sub(of)], "bool");
      if (kind === "compare")
        return t.op(this.pick(["eq", "ne", "lt", "le", "gt", "ge"] as const), [sub(of), sub(of)]);
      return t.op(kind, [sub(), sub()]);
    }
    if (this.number(0, 4) === 0) {
      const from = this.pick(lanes > 1 ? types.slice(0, 4) : types);
      if (from !== type) return t.op("convert", [sub(from)], type);
    }
    if (type === "int32" || type === "uint32") {
      const op = this.pick([
        ...(["add", "sub", "mul", "min", "max", "and", "or", "xor", "div", "rem", "shl", "shr"] as const),
        ...(["neg", "abs", "not", "bitcast"] as const),
      ]);
      const small = (max: number): Expr => t.op("and", [sub(), t.const(type, max, lanes)]);
      if (op === "div" || op === "rem")
        return t.op(op, [sub(), t.op("add", [small(7), t.const(type, 1, lanes)])]);
      if (op === "shl" || op === "shr") {
        const count = this.number(0, 1) === 0 ? t.const(type, this.number(0, 31), lanes) : small(31);
        return t.op(op, [sub(), count]);
      }
      if (op === "neg" || op === "abs" || op === "not") return t.op(op, [sub()]);
      if (op === "bitcast") {
        const x = sub(this.pick(["float32", "int32", "uint32"]));
        // The bits of NaN are the host's choice.
        const number = t.op("select", [t.op("eq", [x, x]), x, t.const(x.type, 0, lanes)]);
        return t.op(op, [x.type === "float32" ? number : x], type);
      }
      return t.op(op, [sub(), sub()]);
    }
    const unary = ["neg", "abs", "sqrt", "floor", "ceil", "nearest", "trunc"] as const;
    const op = this.pick(["add", "sub", "mul", "div", "min", "max", ...unary] as const);
    return (unary as readonly string[]).includes(op) ? t.op(op, [sub()]) : t.op(op, [sub(), sub()]);
  }

  #store(): Stmt {
    const buffer = this.pick([...this.memory.keys()]);
    const lanes = buffer.dtype === "float64" ? 1 : this.pick([1, 4]);
    const type = registerType(buffer.dtype);
    return { kind: "store", buffer, index: this.index(lanes, 1), value: this.expr(type, lanes, 3) };
  }

  body(depth: number): Stmt[] {
    return Array.from({ length: this.number(1, 3) }, () => this.#stmt(depth)).flat();
  }

  #stmt(depth: number): Stmt[] {
    const kind = depth <= 0 ? 0 : this.number(0, 5);
    if (kind <= 1) return [this.#store()];
    if (kind === 2) {
      const condition = this.expr("bool", 1, 2);
      return [{ kind: "if", condition, body: this.#scoped(() => this.body(depth - 1)) }];
    }
    if (kind === 3 && this.#registers.length > 0) {
      const register = this.pick(this.#registers);
      return [{ kind: "set", register, value: this.expr(register.type, register.lanes, 2) }];
    }
    if (kind === 4) {
      const lanes = this.pick([1, 4]);
      const register = this.t.register(this.pick(lanes > 1 ? types.slice(0, 4) : types), lanes);
      const value = this.expr(register.type, lanes, 2);
      this.#registers.push(register);
      return [{ kind: "set", register, value }];
    }
    const [begin, count, step] = [this.number(0, 2), this.number(0, 4), this.number(1, 3)];
    const variable = loopVar(begin + count * step + 1);
    this.#variables.push(variable);
    const body = this.#scoped(() => this.body(depth - 1));
    this.#variables.pop();
    return [forLoop(variable, begin, begin + count * step, step, body)];
  }

  /** Registers made inside are not read outside. */
  #scoped(make: () => Stmt[]): Stmt[] {
    const count = this.#registers.length;
    const stmts = make();
    this.#registers.length = count;
    return stmts;
  }
}

const types: readonly Type[] = ["bool", "int32", "uint32", "float32", "float64"];

describe("render", () => {
  it("runs random kernels as the interpreter does", () => {
    fc.assert(
      fc.property(fc.gen(), (g) => {
        const maker = new Maker(g);
        expect(difference([kernel(maker.body(3))], maker.memory)).toBeUndefined();
      }),
      { numRuns: 600 },
    );
  });
});
