/**
 * Values that a function computes, and the blocks in which it does. Equal values are made once, and each is made in the
 * outermost place where it is already known: that is common subexpression elimination and loop-invariant code motion.
 */
import type { LaneInstruction, MemoryInstruction, PlainInstruction, ValueType } from "./assembler.ts";

/** How a value comes about. */
export type Code =
  | { readonly kind: "op"; readonly instruction: PlainInstruction }
  | { readonly kind: "lane"; readonly instruction: LaneInstruction; readonly lane: number }
  /** Loads at the first operand plus `offset`; a second operand is the vector whose lane is replaced. */
  | {
      readonly kind: "load";
      readonly instruction: MemoryInstruction;
      readonly offset: number;
      readonly lane?: number;
    }
  | { readonly kind: "const"; readonly value: number }
  /** The vector of zeros. */
  | { readonly kind: "zero" }
  /** A vector of four 32-bit words. */
  | { readonly kind: "words"; readonly words: readonly number[] }
  /** A local variable that something else sets: a parameter, a register, an induction variable. */
  | { readonly kind: "variable"; readonly variable: Variable };

/** A local variable; it gets its number when code is printed. */
export interface Variable {
  readonly type: ValueType;
  local: number;
}

/** A value. It is printed where it is first used, and kept in a local if it is used again. */
export interface Value {
  readonly id: number;
  readonly type: ValueType;
  readonly code: Code;
  readonly args: readonly Value[];
  /** The depth of the innermost block in which it changes. */
  readonly level: number;
  readonly home: Block;
  uses: number;
  /** The block of the latest use. */
  user: Block | undefined;
  local: number;
}

/** What a block does, in order. */
export type Item =
  /** Computes a value ahead of the loops that use it. */
  | { readonly kind: "let"; readonly value: Value }
  | {
      readonly kind: "store";
      readonly instruction: MemoryInstruction;
      readonly address: Value;
      readonly offset: number;
      readonly value: Value;
      readonly lane?: number;
    }
  | { readonly kind: "set"; readonly variable: Variable; readonly value: Value }
  | { readonly kind: "if"; readonly condition: Value; readonly block: Block }
  | {
      readonly kind: "loop";
      readonly block: Block;
      readonly inductions: readonly Induction[];
      readonly exit: Exit;
    }
  | { readonly kind: "copy"; readonly to: Value; readonly from: Value; readonly bytes: Value }
  | {
      readonly kind: "call";
      readonly callee: { readonly index: number };
      readonly args: readonly Value[];
      readonly results: readonly Variable[];
    };

/** A variable that grows by a constant in each round of a loop. */
export interface Induction {
  readonly variable: Variable;
  readonly start: Value;
  readonly step: number;
}

/** A loop ends when an induction variable has reached a limit. */
export interface Exit {
  readonly induction: Induction;
  readonly limit: Value;
}

/** Straight code. */
export interface Block {
  readonly kind: "root" | "loop" | "if";
  readonly depth: number;
  readonly items: Item[];
  open: boolean;
}

/** What tells codes apart. */
function keyOf(code: Code): string {
  switch (code.kind) {
    case "op":
      return code.instruction;
    case "lane":
      return `${code.instruction} ${code.lane}`;
    case "load":
      return `${code.instruction} ${code.offset} ${code.lane}`;
    case "words":
      return code.words.join(" ");
    case "const":
    case "zero":
    case "variable":
      throw new Error(`a ${code.kind} is a leaf`);
  }
}

const powerOfTwo = (n: number): boolean => n > 0 && (n & (n - 1)) === 0;

/** Makes the values of one function while its blocks are open. */
export class Scope {
  readonly #stack: Block[] = [{ kind: "root", depth: 0, items: [], open: true }];
  /** Values by what they compute; those whose block is closed are not known any more. */
  readonly #known: Map<string, Value> = new Map();
  readonly #constants: Map<string, Value> = new Map();
  #count = 0;

  /** The number of values made so far: the size of the code, roughly. */
  get size(): number {
    return this.#count;
  }

  /** The innermost open block. */
  get block(): Block {
    return this.#stack.at(-1)!;
  }

  get root(): Block {
    return this.#stack[0]!;
  }

  open(kind: "loop" | "if"): Block {
    const block: Block = { kind, depth: this.#stack.length, items: [], open: true };
    this.#stack.push(block);
    return block;
  }

  close(): void {
    this.#stack.pop()!.open = false;
  }

  /** Notes a use by a statement. */
  use(value: Value, user: Block = this.block): Value {
    value.uses++;
    value.user = user;
    return value;
  }

  /** A value without operands that is printed anew at every use. */
  leaf(type: ValueType, code: Code, level: number): Value {
    const home = this.root;
    return { id: this.#count++, type, code, args: [], level, home, uses: 0, user: undefined, local: -1 };
  }

  /** A new variable, read. */
  variable(type: ValueType, level: number): { variable: Variable; value: Value } {
    const variable: Variable = { type, local: -1 };
    return { variable, value: this.leaf(type, { kind: "variable", variable }, level) };
  }

  /**
   * A value computed from others; an equal one that is known here is used again.
   *
   * @param level a lower bound of the depth at which it changes, for loads
   * @param traps whether it must not be computed where the program does not ask for it
   * @param version tells apart loads of memory that was written in between
   */
  make(type: ValueType, code: Code, args: readonly Value[], level = 0, traps = false, version = ""): Value {
    let key = keyOf(code);
    for (const arg of args) key += `,${arg.id}`;
    key += version;
    const known = this.#known.get(key);
    if (known?.home.open === true) return known;
    let changes = level;
    for (const arg of args) changes = Math.max(changes, arg.level);
    if (traps)
      changes = Math.max(
        changes,
        this.#stack.findLastIndex((b) => b.kind === "if"),
      );
    const left = this.#outermost(type, changes);
    const home = left < 0 ? this.block : this.#stack[left - 1]!;
    for (const arg of args) this.use(arg, home);
    const id = this.#count++;
    const value: Value = { id, type, code, args, level: changes, home, uses: 0, user: undefined, local: -1 };
    this.#known.set(key, value);
    if (left >= 0) home.items.push({ kind: "let", value });
    return value;
  }

  /**
   * The depth of the outermost open loop that a value can be computed ahead of, or -1. A vector does not wait in a register
   * while another loop runs, whose own vectors, the sums of a tile say, may need them all.
   */
  #outermost(type: ValueType, changes: number): number {
    let left = -1;
    for (let d = this.#stack.length - 1; d > changes; d--) {
      const block = this.#stack[d]!;
      if (block.kind !== "loop") continue;
      if (type === "v128" && block.items.some((item) => item.kind === "loop")) break;
      left = d;
    }
    return left;
  }

  op(type: ValueType, instruction: PlainInstruction, ...args: Value[]): Value {
    return this.make(type, { kind: "op", instruction }, args);
  }

  const(type: ValueType, value: number): Value {
    const key = `${type}:${Object.is(value, -0) ? "-0" : value}`;
    let known = this.#constants.get(key);
    if (known === undefined) {
      known = this.leaf(type, { kind: "const", value }, 0);
      this.#constants.set(key, known);
    }
    return known;
  }

  i32(value: number): Value {
    return this.const("i32", value | 0);
  }

  /** A vector constant of 32-bit words. Zeros are cheaper to make than to keep. */
  words(words: readonly number[]): Value {
    if (words.some((w) => w !== 0)) return this.make("v128", { kind: "words", words }, []);
    let zero = this.#constants.get("zero");
    if (zero === undefined) {
      zero = this.leaf("v128", { kind: "zero" }, 0);
      this.#constants.set("zero", zero);
    }
    return zero;
  }

  add(a: Value, b: Value): Value {
    if (a.code.kind === "const" && b.code.kind === "const") return this.i32(a.code.value + b.code.value);
    if (a.code.kind === "const" && a.code.value === 0) return b;
    if (b.code.kind === "const" && b.code.value === 0) return a;
    return this.op("i32", "i32.add", a, b);
  }

  multiply(a: Value, by: number): Value {
    if (a.code.kind === "const") return this.i32(Math.imul(a.code.value, by));
    if (by === 1) return a;
    if (powerOfTwo(by)) return this.op("i32", "i32.shl", a, this.i32(Math.log2(by)));
    return this.op("i32", "i32.mul", a, this.i32(by));
  }

  /** Floor of a / by for whole numbers a >= 0. */
  divide(a: Value, by: number): Value {
    if (a.code.kind === "const") return this.i32(Math.floor(a.code.value / by));
    if (powerOfTwo(by)) return this.op("i32", "i32.shr_u", a, this.i32(Math.log2(by)));
    return this.op("i32", "i32.div_u", a, this.i32(by));
  }

  /** The remainder of a / by for whole numbers a >= 0. */
  remainder(a: Value, by: number): Value {
    if (a.code.kind === "const") return this.i32(a.code.value % by);
    if (powerOfTwo(by)) return this.op("i32", "i32.and", a, this.i32(by - 1));
    return this.op("i32", "i32.rem_u", a, this.i32(by));
  }
}
