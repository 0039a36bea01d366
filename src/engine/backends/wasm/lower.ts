/** Lowers the statements of kernels to blocks of values: one function's worth, with its hot loops cut out. */
import type { Buffer, Expr, Register, Type } from "../../compiler/loop_ir/expr.ts";
import type { Index } from "../../compiler/loop_ir/index_expr.ts";
import type { Place, Stmt } from "../../compiler/loop_ir/stmt.ts";
import { byteWidth } from "../../tensor/dtype.ts";
import { Addresses, type Frame, maxPointers } from "./addresses.ts";
import type { MemoryInstruction, ValueType } from "./assembler.ts";
import { Operations, valueType } from "./operations.ts";
import { portionOf } from "./outline.ts";
import { type Facts, type ForStmt, Scanner, trips } from "./scan.ts";
import { type Block, Scope, type Value, type Variable } from "./values.ts";

/** A function without its code: what it takes, and what it does. */
export interface LoweredFunction {
  readonly name: string;
  readonly params: readonly Variable[];
  readonly results: readonly Variable[];
  readonly root: Block;
  /** Its number in the module, once it has one. */
  index: number;
}

/** What the functions of one module share. */
export interface Context {
  readonly places: ReadonlyMap<Buffer, Place>;
  readonly relaxed: boolean;
  readonly scanner: Scanner;
  /** Functions that were cut out of kernels. */
  readonly outlined: LoweredFunction[];
}

/** A new context for a program. */
export function newContext(places: ReadonlyMap<Buffer, Place>, relaxed: boolean): Context {
  return { places, relaxed, scanner: new Scanner(), outlined: [] };
}

const floatBits = new DataView(new ArrayBuffer(4));

function bitsOf(value: number): number {
  floatBits.setFloat32(0, value);
  return floatBits.getInt32(0);
}

/** Lowers the statements of one kernel, or of a part that was cut out of it. */
export class Lowering {
  readonly params: Variable[] = [];
  readonly #context: Context;
  readonly #scope: Scope = new Scope();
  readonly #operations: Operations;
  readonly #addresses: Addresses;
  readonly #name: string;
  /** Facts about the kernel: whether a loop shares a register with the rest. */
  readonly #whole: Facts;
  readonly #loops: { readonly facts: Facts; readonly depth: number }[] = [];
  readonly #registers: Map<Register, Value> = new Map();
  readonly #variables: Map<Register, Variable> = new Map();
  readonly #versions: Map<Buffer, number> = new Map();
  readonly #memo: Map<Expr, Value> = new Map();
  #cut: "never" | "hot" | "any";

  constructor(context: Context, name: string, whole: Facts, cut: "never" | "hot") {
    this.#context = context;
    this.#name = name;
    this.#whole = whole;
    this.#cut = cut;
    this.#operations = new Operations(this.#scope, context.relaxed);
    const [table, arena] = [this.#param("i32"), this.#param("i32")];
    this.#addresses = new Addresses(this.#scope, table, arena, (expr) => this.#value(expr));
  }

  get root(): Block {
    return this.#scope.root;
  }

  get size(): number {
    return this.#scope.size;
  }

  #param(type: Variable["type"]): Value {
    const { variable, value } = this.#scope.variable(type, 0);
    variable.local = this.params.push(variable) - 1;
    return value;
  }

  body(stmts: readonly Stmt[]): void {
    for (const stmt of stmts) {
      this.#memo.clear();
      this.#stmt(stmt);
    }
  }

  /** Copies a whole buffer. */
  copy(from: Buffer, to: Buffer): void {
    const scope = this.#scope;
    const address = (buffer: Buffer): Value => {
      const { base, offset } = this.#addresses.start(this.#place(buffer));
      return scope.use(scope.add(base, scope.i32(offset)));
    };
    const bytes = scope.use(scope.i32(from.size * byteWidth(from.dtype)));
    scope.block.items.push({ kind: "copy", to: address(to), from: address(from), bytes });
  }

  #stmt(stmt: Stmt): void {
    const scope = this.#scope;
    switch (stmt.kind) {
      case "for":
        return this.#for(stmt);
      case "if": {
        const condition = scope.use(this.#value(stmt.condition));
        const outside = scope.block;
        const block = scope.open("if");
        this.body(stmt.body);
        scope.close();
        outside.items.push({ kind: "if", condition, block });
        this.#forget(this.#context.scanner.stmt(stmt));
        return;
      }
      case "set": {
        const value = scope.use(this.#value(stmt.value));
        scope.block.items.push({ kind: "set", variable: this.#variable(stmt.register), value });
        this.#registers.delete(stmt.register);
        return;
      }
      case "store":
        this.#store(stmt.buffer, stmt.index, stmt.value);
        this.#versions.set(stmt.buffer, this.#version(stmt.buffer) + 1);
    }
  }

  #variable(register: Register): Variable {
    let variable = this.#variables.get(register);
    if (variable === undefined) {
      variable = { type: valueType(register.type, register.lanes), local: -1 };
      this.#variables.set(register, variable);
    }
    return variable;
  }

  #version(buffer: Buffer): number {
    return this.#versions.get(buffer) ?? 0;
  }

  #place(buffer: Buffer): Place {
    const place = this.#context.places.get(buffer);
    if (place === undefined) throw new Error(`${this.#name}: buffer ${buffer.id} has no place`);
    return place;
  }

  /** What a statement writes is not what was known before. */
  #forget(facts: Facts): void {
    for (const register of facts.assigned) this.#registers.delete(register);
    for (const buffer of facts.stored) this.#versions.set(buffer, this.#version(buffer) + 1);
  }

  #for(loop: ForStmt): void {
    const count = trips(loop);
    if (count === 0) return;
    const { bindings } = this.#addresses;
    const facts = this.#context.scanner.stmt(loop);
    const portion = this.#cut === "never" ? 0 : portionOf(loop, this.#context.scanner, this.#cut);
    if (portion > 0) return this.#outline(loop, facts, portion);
    if (count === 1) {
      bindings.set(loop.variable, { value: this.#scope.i32(loop.begin) });
      this.body(loop.body);
      bindings.delete(loop.variable);
      return;
    }
    const cut = this.#cut;
    if (portion < 0) this.#cut = "any";
    const [begin, end] = [this.#scope.i32(loop.begin), this.#scope.i32(loop.begin + count * loop.step)];
    this.loop(loop, begin, end, loop.step, () => this.body(loop.body));
    this.#cut = cut;
  }

  /** Makes a loop; `end` is a whole number of steps after `begin`. */
  loop(loop: ForStmt, begin: Value, end: Value, step: number, body: () => void): void {
    const scope = this.#scope;
    const { bindings, frames } = this.#addresses;
    const facts = this.#context.scanner.stmt(loop);
    this.#forget(facts);
    const outside = scope.block;
    const block = scope.open("loop");
    let slots = 0;
    for (const buffer of facts.addresses.values()) if (this.#place(buffer).space === "slot") slots++;
    const frame: Frame = {
      block,
      outside,
      begin,
      end,
      step,
      crowded: slots > maxPointers,
      inductions: new Map(),
    };
    frames.push(frame);
    this.#loops.push({ facts, depth: block.depth });
    bindings.set(loop.variable, { loop: frame });
    body();
    bindings.delete(loop.variable);
    const exit = this.#addresses.exit(frame);
    this.#loops.pop();
    frames.pop();
    scope.close();
    outside.items.push({ kind: "loop", block, inductions: [...frame.inductions.values()], exit });
    this.#forget(facts);
  }

  /** Moves a loop into a function of its own, which is called for some rounds at a time. */
  #outline(loop: ForStmt, facts: Facts, portion: number): void {
    const scope = this.#scope;
    const count = trips(loop);
    const inner = new Lowering(this.#context, this.#name, facts, "never");
    // Looked up at the call: a register may have another value by then.
    const args: (() => Value)[] = [() => this.#addresses.table, () => this.#addresses.arena];
    for (const variable of facts.variables) {
      const binding = this.#addresses.bindings.get(variable);
      if (binding === undefined) continue;
      if ("value" in binding && binding.value.code.kind === "const") {
        inner.#addresses.bindings.set(variable, { value: inner.#scope.i32(binding.value.code.value) });
        continue;
      }
      args.push(() =>
        "value" in binding ? binding.value : this.#addresses.induction(binding.loop, undefined, 1),
      );
      inner.#addresses.bindings.set(variable, { value: inner.#param("i32") });
    }
    const results: Register[] = [];
    for (const [register, mentions] of facts.mentions) {
      const assigned = facts.assigned.has(register);
      const shared = this.#whole.mentions.get(register) !== mentions;
      if (assigned && !shared) continue;
      args.push(() => this.#register(register));
      const value = inner.#param(valueType(register.type, register.lanes));
      if (!assigned) inner.#registers.set(register, value);
      else {
        inner.#variables.set(register, inner.params.at(-1)!);
        results.push(register);
      }
    }
    const variables = (of: Lowering): Variable[] => results.map((register) => of.#variable(register));
    const { params, root } = inner;
    const callee: LoweredFunction = { name: this.#name, params, results: variables(inner), root, index: -1 };
    this.#context.outlined.push(callee);
    const call = (...extra: Value[]): void => {
      const all = [...args.map((arg) => arg()), ...extra];
      for (const arg of all) scope.use(arg);
      scope.block.items.push({ kind: "call", callee, args: all, results: variables(this) });
    };
    if (portion >= count) {
      inner.#for(loop);
      call();
      this.#forget(facts);
      return;
    }
    const stride = portion * loop.step;
    const [begin, end] = [scope.i32(loop.begin), loop.begin + count * loop.step];
    const rounds = Math.ceil(count / portion);
    this.loop(loop, begin, scope.i32(loop.begin + rounds * stride), stride, () => {
      const first = this.#addresses.induction(this.#addresses.frames.at(-1)!, undefined, 1);
      const param = inner.#param("i32");
      if (portion === 1) {
        inner.#addresses.bindings.set(loop.variable, { value: param });
        inner.body(loop.body);
        return call(first);
      }
      let last = scope.add(first, scope.i32(stride));
      if (rounds * portion !== count)
        last = this.#operations.apply("min", "int32", "int32", 1, [last, scope.i32(end)]);
      inner.loop(loop, param, inner.#param("i32"), loop.step, () => inner.body(loop.body));
      call(first, last);
    });
  }

  #store(buffer: Buffer, index: Index, expr: Expr): void {
    const scope = this.#scope;
    const width = byteWidth(buffer.dtype);
    const { base, offset } = this.#addresses.element(this.#place(buffer), index, width);
    const put = (instruction: MemoryInstruction, value: Value, lane?: number): void => {
      const item = {
        kind: "store",
        instruction,
        address: scope.use(base),
        offset,
        value: scope.use(value),
      } as const;
      scope.block.items.push(lane === undefined ? item : { ...item, lane });
    };
    if (expr.kind === "extract" && width === 4)
      return put("v128.store32_lane", this.#value(expr.arg), expr.lane);
    const value = this.#value(expr);
    if (expr.lanes === 1) return put(width === 1 ? "i32.store8" : `${value.type as "i32"}.store`, value);
    if (width === 4) return put("v128.store", value);
    const mask = (word: number): Value =>
      scope.op("v128", "v128.and", value, scope.words([word, word, word, word]));
    const low = mask(buffer.dtype === "bool" ? 1 : 255);
    const half = scope.op("v128", "i16x8.narrow_i32x4_s", low, low);
    put("v128.store32_lane", scope.op("v128", "i8x16.narrow_i16x8_u", half, half), 0);
  }

  #load(
    expr: Extract<Expr, { readonly kind: "load" }>,
    into?: { readonly vector: Value; readonly lane: number } | "splat",
  ): Value {
    const { buffer, index, lanes } = expr;
    const scope = this.#scope;
    const { base, offset } = this.#addresses.element(this.#place(buffer), index, byteWidth(buffer.dtype));
    const inRange = index.min >= 0 && index.max + lanes <= buffer.size;
    let level = 0;
    for (const { facts, depth } of this.#loops) if (facts.stored.has(buffer)) level = depth;
    const version = `${buffer.id}.${this.#version(buffer)}`;
    const get = (type: ValueType, instruction: MemoryInstruction): Value => {
      return scope.make(type, { kind: "load", instruction, offset }, [base], level, !inRange, version);
    };
    if (into === "splat") return get("v128", "v128.load32_splat");
    if (into !== undefined) {
      if (into.lane === 0) return get("v128", "v128.load32_zero");
      const code = { kind: "load", instruction: "v128.load32_lane", offset, lane: into.lane } as const;
      return scope.make("v128", code, [base, into.vector], level, !inRange, version);
    }
    const narrow = byteWidth(buffer.dtype) === 1;
    const bool = buffer.dtype === "bool";
    if (lanes === 1) {
      const type = valueType(expr.type, 1) as "i32" | "f32" | "f64";
      const value = get(type, narrow ? "i32.load8_u" : `${type}.load`);
      return bool ? scope.op("i32", "i32.ne", value, scope.i32(0)) : value;
    }
    valueType(expr.type, lanes);
    if (!narrow) return get("v128", "v128.load");
    const words = scope.op("v128", "i16x8.extend_low_i8x16_u", get("v128", "v128.load32_zero"));
    const wide = scope.op("v128", "i32x4.extend_low_i16x8_u", words);
    return bool ? scope.op("v128", "i32x4.ne", wide, scope.words([0, 0, 0, 0])) : wide;
  }

  #register(register: Register): Value {
    let value = this.#registers.get(register);
    if (value === undefined) {
      const variable = this.#variable(register);
      let level = 0;
      for (const { facts, depth } of this.#loops) if (facts.assigned.has(register)) level = depth;
      value = this.#scope.leaf(variable.type, { kind: "variable", variable }, level);
      this.#registers.set(register, value);
    }
    return value;
  }

  #constant(type: Type, value: number, lanes: number): Value {
    const scope = this.#scope;
    if (lanes === 1) return scope.const(valueType(type, 1), value);
    valueType(type, lanes);
    const word = type === "float32" ? bitsOf(value) : type === "bool" ? -value : value | 0;
    return scope.words([word, word, word, word]);
  }

  #value(expr: Expr): Value {
    let value = this.#memo.get(expr);
    if (value === undefined) {
      value = this.#make(expr);
      this.#memo.set(expr, value);
    }
    return value;
  }

  #make(expr: Expr): Value {
    switch (expr.kind) {
      case "const":
        return this.#constant(expr.type, expr.value, expr.lanes);
      case "index":
        return this.#addresses.index(expr.index);
      case "ramp":
        return this.#scope.words([0, 1, 2, 3]);
      case "load":
        return this.#load(expr);
      case "reg":
        return this.#register(expr.register);
      case "splat": {
        const { arg } = expr;
        if (arg.kind === "load" && byteWidth(arg.buffer.dtype) === 4) return this.#load(arg, "splat");
        return this.#operations.splat(this.#value(arg), arg.type);
      }
      case "pack": {
        let vector: Value | undefined;
        for (const [lane, arg] of expr.args.entries()) {
          if (arg.kind !== "load" || byteWidth(arg.buffer.dtype) !== 4) {
            return this.#operations.pack(
              expr.args.map((a) => this.#value(a)),
              expr.type,
            );
          }
          vector = this.#load(arg, { vector: vector!, lane });
        }
        return vector!;
      }
      case "extract":
        return this.#operations.extract(this.#value(expr.arg), expr.lane, expr.type);
      case "op":
        return this.#operation(expr);
    }
  }

  #operation(expr: Extract<Expr, { readonly kind: "op" }>): Value {
    const { op, args, type, lanes } = expr;
    const from = args[op === "select" ? 1 : 0]!.type;
    if ((op === "shl" || op === "shr") && lanes > 1) {
      const [vector, count] = args as [Expr, Expr];
      if (count.kind === "const") {
        return this.#operations.shift(op, type, this.#value(vector), this.#scope.i32(count.value));
      }
      if (count.kind === "splat") {
        return this.#operations.shift(op, type, this.#value(vector), this.#value(count.arg));
      }
    }
    return this.#operations.apply(
      op,
      type,
      from,
      lanes,
      args.map((arg) => this.#value(arg)),
    );
  }
}
