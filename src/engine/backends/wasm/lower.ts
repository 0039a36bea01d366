/** Lowers the statements of kernels to blocks of values: one function's worth, with its hot loops cut out. */
import type { Buffer, Expr, Register } from "../../compiler/loop_ir/expr.ts";
import type { Index } from "../../compiler/loop_ir/index_expr.ts";
import type { Place, Stmt } from "../../compiler/loop_ir/stmt.ts";
import { byteWidth } from "../../tensor/dtype.ts";
import { type Addresses, type Frame, maxPointers, standsAlone } from "./addresses.ts";
import type { MemoryInstruction } from "./assembler.ts";
import { Expressions } from "./expressions.ts";
import { portionOf } from "./outline.ts";
import { type Facts, type ForStmt, Scanner, trips } from "./scan.ts";
import type { Share, Shares } from "./shares.ts";
import { State } from "./state.ts";
import { type Block, Scope, type Value, type Variable } from "./values.ts";

/** What a copy is shared out by: a cache line. */
const line = 64;

/** Values of a loop variable from one on and below another. */
interface Range {
  readonly begin: Value;
  readonly end: Value;
}

type Rounds = Extract<Share, { readonly kind: "rounds" }>;

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
  readonly #given: ReadonlyMap<Buffer, Value>;
  #cut: "never" | "hot" | "any";

  /** @param given the buffers whose addresses the function takes */
  constructor(
    context: Context,
    name: string,
    whole: Facts,
    cut: "never" | "hot",
    given: Iterable<Buffer> = [],
  ) {
    this.#context = context;
    this.#name = name;
    this.#whole = whole;
    this.#cut = cut;
    const bases = { table: this.#param("i32"), arena: this.#param("i32"), own: this.#param("i32") };
    this.#given = new Map(Array.from(given, (buffer) => [buffer, this.#param("i32")]));
    const { places, relaxed } = context;
    this.#expressions = new Expressions(this.#scope, this.#state, places, relaxed, bases, this.#given);
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

  /** Copies a whole buffer, or this thread's part of it. */
  copy(from: Buffer, to: Buffer, shared: boolean): void {
    const scope = this.#scope;
    const bytes = from.size * byteWidth(from.dtype);
    const lines = Math.ceil(bytes / line);
    let [first, length] = [scope.i32(0), scope.i32(bytes)];
    if (shared) {
      const part = this.#part(lines);
      // The last line may be shorter, and with few lines some threads have none.
      const at = (n: Value): Value => this.#extreme("min", scope.multiply(n, line), scope.i32(bytes));
      first = at(part.begin);
      const last = at(part.end);
      length = scope.op("i32", "i32.sub", last, first);
    }
    const address = (buffer: Buffer): Value => {
      const { base, offset } = this.#addresses.start(this.#expressions.place(buffer));
      return scope.use(scope.add(scope.add(base, scope.i32(offset)), first));
    };
    scope.block.items.push({ kind: "copy", to: address(to), from: address(from), bytes: scope.use(length) });
  }

  /** Runs this thread's part of some statements. */
  share(shares: Shares): void {
    const { begin, end } = this.#part(shares.length);
    const isFirst = this.#scope.op("i32", "i32.eqz", this.#addresses.thread().thread);
    for (const item of shares.items) {
      this.#expressions.begin();
      if (item.kind === "rounds") this.#rounds(item, begin, end);
      else if (item.stmt.kind === "set") this.#stmt(item.stmt);
      else this.#when(isFirst, this.#context.scanner.stmt(item.stmt), () => this.#stmt(item.stmt));
    }
  }

  /** This thread's part of a line. */
  #part(length: number): Range {
    const scope = this.#scope;
    const { thread, threads } = this.#addresses.thread();
    const [whole, next] = [scope.i32(length), scope.add(thread, scope.i32(1))];
    const share = scope.op("i32", "i32.div_u", whole, threads);
    const rest = scope.op("i32", "i32.rem_u", whole, threads);
    // The first threads have one more each, until nothing is left over.
    const at = (n: Value): Value =>
      scope.add(scope.op("i32", "i32.mul", share, n), this.#extreme("min", n, rest));
    return { begin: at(thread), end: at(next) };
  }

  /** The rounds of a loop that begin in a part of its line; or all that meet it, where a round is shared out itself. */
  #rounds(share: Rounds, begin: Value, end: Value): void {
    const scope = this.#scope;
    const { loop, cost, inside } = share;
    const facts = this.#context.scanner.stmt(loop);
    const count = trips(loop);
    const [low, high] = [begin, end].map((v) => scope.add(v, scope.i32(-share.from))) as [Value, Value];
    const round = (v: Value, more: number): Value => {
      const from = scope.add(this.#extreme("max", v, scope.i32(0)), scope.i32(more));
      return this.#extreme("min", scope.divide(from, cost), scope.i32(count));
    };
    const first = round(low, inside === undefined ? cost - 1 : 0);
    const last = round(high, cost - 1);
    this.#when(scope.op("i32", "i32.lt_s", first, last), facts, () => {
      if (inside === undefined && count === 1) return this.#for(loop);
      const at = (round: Value): Value => scope.add(scope.multiply(round, loop.step), scope.i32(loop.begin));
      const range = { begin: at(first), end: at(last) };
      if (inside === undefined) return this.#for(loop, range);
      const cut = this.#cut;
      this.#cut = "any";
      this.loop(loop, range.begin, range.end, loop.step, () => {
        const variable = this.#addresses.induction(this.#addresses.frames.at(-1)!, undefined, 1);
        const done = scope.divide(scope.add(variable, scope.i32(-loop.begin)), loop.step);
        const gone = scope.multiply(done, cost);
        const [from, to] = [low, high].map((v) => scope.op("i32", "i32.sub", v, gone)) as [Value, Value];
        for (const item of inside.items) {
          this.#expressions.begin();
          if (item.kind === "rounds") this.#rounds(item, from, to);
          else this.#stmt(item.stmt);
        }
      });
      this.#cut = cut;
    });
  }

  #when(condition: Value, facts: Facts, body: () => void): void {
    const scope = this.#scope;
    scope.use(condition);
    const outside = scope.block;
    const block = scope.open("if");
    body();
    scope.close();
    outside.items.push({ kind: "if", condition, block });
    this.#state.forget(facts);
  }

  #extreme(which: "min" | "max", a: Value, b: Value): Value {
    return this.#expressions.operations.apply(which, "int32", "int32", 1, [a, b]);
  }

  #stmt(stmt: Stmt): void {
    const scope = this.#scope;
    switch (stmt.kind) {
      case "for":
        return this.#for(stmt);
      case "if": {
        const facts = this.#context.scanner.stmt(stmt);
        return this.#when(this.#expressions.value(stmt.condition), facts, () => this.body(stmt.body));
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
        return;
      case "barrier":
      // A thread that runs the whole kernel need not wait.
    }
  }

  /** @param range the values of the loop variable, if not all: there is one at least */
  #for(loop: ForStmt, range?: Range): void {
    const count = trips(loop);
    if (count === 0) return;
    const { bindings } = this.#addresses;
    const facts = this.#context.scanner.stmt(loop);
    const portion = this.#cut === "never" ? 0 : portionOf(loop, this.#context.scanner, this.#cut);
    if (portion > 0) return this.#outline(loop, facts, portion, range);
    if (count === 1 && range === undefined) {
      bindings.set(loop.variable, { value: this.#scope.i32(loop.begin) });
      this.body(loop.body);
      bindings.delete(loop.variable);
      return;
    }
    const cut = this.#cut;
    if (portion < 0) this.#cut = "any";
    const { begin, end } = range ?? this.#all(loop);
    this.loop(loop, begin, end, loop.step, () => this.body(loop.body));
    this.#cut = cut;
  }

  #all(loop: ForStmt): Range {
    return { begin: this.#scope.i32(loop.begin), end: this.#scope.i32(loop.begin + trips(loop) * loop.step) };
  }

  /** Makes a loop; `end` is a whole number of steps after `begin`. */
  loop(loop: ForStmt, begin: Value, end: Value, step: number, body: () => void): void {
    const scope = this.#scope;
    const { bindings, frames } = this.#addresses;
    const facts = this.#context.scanner.stmt(loop);
    const outside = scope.block;
    const block = scope.open("loop");
    const places = [...facts.addresses.values()].map((buffer) => this.#expressions.place(buffer));
    const crowded = places.filter(standsAlone).length > maxPointers;
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
  #outline(loop: ForStmt, facts: Facts, portion: number, range: Range | undefined): void {
    const scope = this.#scope;
    const count = trips(loop);
    const inner = new Lowering(this.#context, this.#name, facts, "never", this.#given.keys());
    const bases = [...Object.values(this.#addresses.bases), ...this.#given.values()];
    // Looked up at the call: a register may have another value by then.
    const args: (() => Value)[] = bases.map((base) => () => base);
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
      if (range === undefined) {
        inner.#for(loop);
        call();
      } else {
        inner.#for(loop, { begin: inner.#param("i32"), end: inner.#param("i32") });
        call(range.begin, range.end);
      }
      this.#state.forget(facts);
      return;
    }
    const stride = portion * loop.step;
    const { begin, end } = range ?? this.#all(loop);
    let limit = scope.i32(loop.begin + Math.ceil(count / portion) * stride);
    if (range !== undefined) {
      const reach = scope.add(scope.op("i32", "i32.sub", end, begin), scope.i32(stride - 1));
      limit = scope.add(begin, scope.multiply(scope.divide(reach, stride), stride));
    }
    this.loop(loop, begin, limit, stride, () => {
      const first = this.#addresses.induction(this.#addresses.frames.at(-1)!, undefined, 1);
      const param = inner.#param("i32");
      if (portion === 1) {
        inner.#addresses.bindings.set(loop.variable, { value: param });
        inner.body(loop.body);
        return call(first);
      }
      let last = scope.add(first, scope.i32(stride));
      // The last call may have fewer rounds.
      if (range !== undefined || count % portion !== 0) last = this.#extreme("min", last, end);
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
    if (expr.lanes === 1) {
      const narrow = width === 1 ? "i32.store8" : "i32.store16";
      return put(width > 2 ? `${value.type as "i32"}.store` : narrow, value);
    }
    if (width === 4) return put("v128.store", value);
    const { operations } = this.#expressions;
    if (width === 2) return put("v128.store64_lane", operations.halves(value), 0);
    put("v128.store32_lane", operations.bytes(value, buffer.dtype === "bool" ? 1 : 255), 0);
  }
}
