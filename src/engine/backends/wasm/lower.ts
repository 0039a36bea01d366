/** Lowers the statements of kernels to blocks of values: one function's worth, with its hot loops cut out. */
import type { Buffer, Expr, Register } from "../../compiler/loop_ir/expr.ts";
import type { Index } from "../../compiler/loop_ir/index_expr.ts";
import type { Place, Stmt } from "../../compiler/loop_ir/stmt.ts";
import { byteWidth } from "../../tensor/dtype.ts";
import { type Addresses, type Frame, maxPointers } from "./addresses.ts";
import type { MemoryInstruction } from "./assembler.ts";
import { Expressions } from "./expressions.ts";
import { portionOf } from "./outline.ts";
import { type Facts, type ForStmt, Scanner, trips } from "./scan.ts";
import { State } from "./state.ts";
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

/** Lowers the statements of one kernel, or of a part that was cut out of it. */
export class Lowering {
  readonly params: Variable[] = [];
  readonly #context: Context;
  readonly #scope: Scope = new Scope();
  readonly #state: State = new State(this.#scope);
  readonly #expressions: Expressions;
  readonly #name: string;
  /** Facts about the kernel: whether a loop shares a register with the rest. */
  readonly #whole: Facts;
  #cut: "never" | "hot" | "any";

  constructor(context: Context, name: string, whole: Facts, cut: "never" | "hot") {
    this.#context = context;
    this.#name = name;
    this.#whole = whole;
    this.#cut = cut;
    const [table, arena] = [this.#param("i32"), this.#param("i32")];
    this.#expressions = new Expressions(this.#scope, this.#state, context.places, context.relaxed, {
      table,
      arena,
    });
  }

  get root(): Block {
    return this.#scope.root;
  }

  get size(): number {
    return this.#scope.size;
  }

  get #addresses(): Addresses {
    return this.#expressions.addresses;
  }

  #param(type: Variable["type"]): Value {
    const { variable, value } = this.#scope.variable(type, 0);
    variable.local = this.params.push(variable) - 1;
    return value;
  }

  body(stmts: readonly Stmt[]): void {
    for (const stmt of stmts) {
      this.#expressions.begin();
      this.#stmt(stmt);
    }
  }

  /** Copies a whole buffer. */
  copy(from: Buffer, to: Buffer): void {
    const scope = this.#scope;
    const address = (buffer: Buffer): Value => {
      const { base, offset } = this.#addresses.start(this.#expressions.place(buffer));
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
        const condition = scope.use(this.#expressions.value(stmt.condition));
        const outside = scope.block;
        const block = scope.open("if");
        this.body(stmt.body);
        scope.close();
        outside.items.push({ kind: "if", condition, block });
        this.#state.forget(this.#context.scanner.stmt(stmt));
        return;
      }
      case "set": {
        const value = scope.use(this.#expressions.value(stmt.value));
        scope.block.items.push({ kind: "set", variable: this.#state.variable(stmt.register), value });
        this.#state.assign(stmt.register);
        return;
      }
      case "store":
        this.#store(stmt.buffer, stmt.index, stmt.value);
        this.#state.store(stmt.buffer);
    }
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
    const outside = scope.block;
    const block = scope.open("loop");
    const places = [...facts.addresses.values()].map((buffer) => this.#expressions.place(buffer));
    const crowded = places.filter((place) => place.space === "slot").length > maxPointers;
    const frame: Frame = { block, outside, begin, end, step, crowded, inductions: new Map() };
    frames.push(frame);
    bindings.set(loop.variable, { loop: frame });
    this.#state.inLoop(facts, block.depth, body);
    bindings.delete(loop.variable);
    const exit = this.#addresses.exit(frame);
    frames.pop();
    scope.close();
    outside.items.push({ kind: "loop", block, inductions: [...frame.inductions.values()], exit });
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
      args.push(() => this.#state.read(register));
      const { type } = this.#state.variable(register);
      inner.#param(type);
      inner.#state.bind(register, inner.params.at(-1)!);
      if (assigned) results.push(register);
    }
    const variables = (of: Lowering): Variable[] => results.map((register) => of.#state.variable(register));
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
      this.#state.forget(facts);
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
      // The last call may have fewer rounds.
      const whole = rounds * portion === count;
      if (!whole)
        last = this.#expressions.operations.apply("min", "int32", "int32", 1, [last, scope.i32(end)]);
      inner.loop(loop, param, inner.#param("i32"), loop.step, () => inner.body(loop.body));
      call(first, last);
    });
  }

  #store(buffer: Buffer, index: Index, expr: Expr): void {
    const scope = this.#scope;
    const width = byteWidth(buffer.dtype);
    const { base, offset } = this.#addresses.element(this.#expressions.place(buffer), index, width);
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
    if (expr.kind === "extract" && width === 4) {
      return put("v128.store32_lane", this.#expressions.value(expr.arg), expr.lane);
    }
    const value = this.#expressions.value(expr);
    if (expr.lanes === 1) return put(width === 1 ? "i32.store8" : `${value.type as "i32"}.store`, value);
    if (width === 4) return put("v128.store", value);
    put(
      "v128.store32_lane",
      this.#expressions.operations.narrow(value, buffer.dtype === "bool" ? 1 : 255),
      0,
    );
  }
}
