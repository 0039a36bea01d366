/** Prints blocks as WebAssembly code and gives their values local variables. */
import type { FunctionBuilder, ValueType } from "./assembler.ts";
import type { Block, Induction, Item, Value, Variable } from "./values.ts";

type Owned = { readonly type: ValueType; readonly local: number };

/** Prints into one function. Locals are used again once the block that they belong to is over. */
export class Printer {
  readonly #out: FunctionBuilder;
  readonly #free: Map<ValueType, number[]> = new Map();
  /** The locals of the kernel, and of the block that is being printed. */
  #kernel: Owned[] = [];
  #owned: Owned[] = [];

  constructor(out: FunctionBuilder) {
    this.#out = out;
  }

  /** Prints the code of one kernel, or of a part that leaves results on the stack. */
  print(root: Block, results: readonly Variable[] = []): void {
    this.#kernel = [];
    this.#block(root);
    for (const variable of results) this.#out.get(this.#local(variable));
    this.#release(this.#kernel);
  }

  #allocate(type: ValueType, owner: Owned[]): number {
    const local = this.#free.get(type)?.pop() ?? this.#out.local(type);
    owner.push({ type, local });
    return local;
  }

  #release(owned: readonly Owned[]): void {
    for (const { type, local } of owned) {
      const free = this.#free.get(type);
      if (free === undefined) this.#free.set(type, [local]);
      else free.push(local);
    }
  }

  #local(variable: Variable): number {
    if (variable.local < 0) variable.local = this.#allocate(variable.type, this.#kernel);
    return variable.local;
  }

  #block(block: Block): void {
    const outer = this.#owned;
    this.#owned = [];
    for (const item of block.items) this.#item(item, block);
    this.#release(this.#owned);
    this.#owned = outer;
  }

  #item(item: Item, block: Block): void {
    const out = this.#out;
    switch (item.kind) {
      case "let": {
        const { value } = item;
        // What has one use in this very block is printed there.
        if (value.uses === 0 || (value.uses === 1 && value.user === block)) return;
        this.#code(value);
        value.local = this.#allocate(value.type, this.#owned);
        return out.set(value.local);
      }
      case "store":
        this.#value(item.address);
        this.#value(item.value);
        return out.memory(item.instruction, item.offset, item.lane);
      case "set":
        this.#value(item.value);
        return out.set(this.#local(item.variable));
      case "if":
        this.#value(item.condition);
        out.begin("if");
        this.#block(item.block);
        return out.end();
      case "loop":
        return this.#loop(item);
      case "copy":
        this.#value(item.to);
        this.#value(item.from);
        this.#value(item.bytes);
        return out.copy();
      case "call":
        for (const arg of item.args) this.#value(arg);
        out.indexed("call", item.callee.index);
        for (const variable of item.results.toReversed()) out.set(this.#local(variable));
    }
  }

  #loop(item: Extract<Item, { readonly kind: "loop" }>): void {
    const out = this.#out;
    const owned: Owned[] = [];
    for (const { start, variable } of item.inductions) {
      this.#value(start);
      variable.local = this.#allocate("i32", owned);
      out.set(variable.local);
    }
    out.begin("loop");
    this.#block(item.block);
    const { induction, limit } = item.exit;
    const advance = ({ variable, step }: Induction): void => {
      out.get(variable.local);
      out.i32(step);
      out.op("i32.add");
    };
    for (const other of item.inductions) {
      if (other.variable === induction.variable) continue;
      advance(other);
      out.set(other.variable.local);
    }
    advance(induction);
    out.tee(induction.variable.local);
    this.#value(limit);
    out.op("i32.ne");
    out.indexed("br_if", 0);
    out.end();
    this.#release(owned);
  }

  #value(value: Value): void {
    const out = this.#out;
    const { code } = value;
    if (code.kind === "variable") return out.get(this.#local(code.variable));
    if (value.local >= 0) return out.get(value.local);
    this.#code(value);
    if (value.uses > 1 && code.kind !== "const" && code.kind !== "zero") {
      value.local = this.#allocate(value.type, this.#owned);
      out.tee(value.local);
    }
  }

  #code(value: Value): void {
    const out = this.#out;
    for (const arg of value.args) this.#value(arg);
    const { code } = value;
    switch (code.kind) {
      case "op":
        return out.op(code.instruction);
      case "lane":
        return out.lane(code.instruction, code.lane);
      case "load":
        return out.memory(code.instruction, code.offset, code.lane);
      case "const":
        return out[value.type as "i32" | "i64" | "f32" | "f64"](code.value);
      case "zero":
        return out.v128(new Uint8Array(16));
      case "words":
        return out.v128(new Uint8Array(Int32Array.from(code.words).buffer));
      case "variable":
        return out.get(this.#local(code.variable));
    }
  }
}
