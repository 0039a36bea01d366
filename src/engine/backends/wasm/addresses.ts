/**
 * Turns places in buffers into addresses: a value plus a constant that the instruction adds for free. Each loop keeps
 * pointers that move along, so that the innermost loops add no more than a constant to each.
 *
 * An instruction adds its constant without wrapping around, so the value itself must not be negative. Every address is
 * at least `lowest`, which leaves room to round negative constants.
 */
import type { Expr } from "../../compiler/loop_ir/expr.ts";
import type { Atom, Index, LoopVar } from "../../compiler/loop_ir/index_expr.ts";
import type { Place } from "../../compiler/loop_ir/stmt.ts";
import { own } from "./control.ts";
import type { Block, Exit, Induction, Scope, Value } from "./values.ts";

/** No buffer begins below this address. */
export const lowest = 65536;

/** Beyond so many pointers a loop keeps offsets instead, which its buffers share. */
export const maxPointers = 6;

/** An open loop. */
export interface Frame {
  readonly block: Block;
  /** The block around it. */
  readonly outside: Block;
  readonly begin: Value;
  readonly end: Value;
  readonly step: number;
  /** Whether its buffers share offsets. */
  readonly crowded: boolean;
  readonly inductions: Map<string, Pointer>;
}

/** base + coef·(the loop variable). */
interface Pointer extends Induction {
  readonly value: Value;
  readonly base: Value | undefined;
  readonly coef: number;
}

/** What a loop variable stands for: a loop, or a value that is known outside of all loops. */
export type Binding = { readonly loop: Frame } | { readonly value: Value };

/** A place in memory. */
export interface Address {
  readonly base: Value;
  readonly offset: number;
}

/** Where a buffer lies as a function sees it: its address may be given to the function. */
export type Where = Place | { readonly space: "given"; readonly address: Value };

/** Whether a buffer shares its base with no other one. */
export function standsAlone({ space }: Where): boolean {
  return space === "slot" || space === "given";
}

/** The addresses that every function takes. */
export interface Bases {
  /** The address of the slots' addresses. */
  readonly table: Value;
  /** The address of the arena. */
  readonly arena: Value;
  /** The address of the thread's own block. */
  readonly own: Value;
}

/** Makes addresses and index values in a scope. */
export class Addresses {
  readonly bindings: Map<LoopVar, Binding> = new Map();
  /** The open loops, innermost last. */
  readonly frames: Frame[] = [];
  readonly #scope: Scope;
  readonly bases: Bases;
  readonly #value: (expr: Expr) => Value;

  /** @param value makes the value of an expression inside of an index */
  constructor(scope: Scope, bases: Bases, value: (expr: Expr) => Value) {
    this.#scope = scope;
    this.bases = bases;
    this.#value = value;
  }

  /** The beginning of a buffer. */
  start(place: Where): Address {
    if (place.space === "given") return { base: place.address, offset: 0 };
    const { table, arena, own: mine } = this.bases;
    if (place.space === "arena") return { base: arena, offset: place.offset };
    if (place.space === "private") return { base: mine, offset: own.memory + place.offset };
    return { base: this.#word(table, 4 * place.slot), offset: 0 };
  }

  /** The number of the thread, and how many there are. */
  thread(): { readonly thread: Value; readonly threads: Value } {
    const { own: mine } = this.bases;
    return { thread: this.#word(mine, own.thread), threads: this.#word(mine, own.threads) };
  }

  /** A word that stays the same as long as the program runs. */
  #word(base: Value, offset: number): Value {
    return this.#scope.make("i32", { kind: "load", instruction: "i32.load", offset }, [base]);
  }

  /** The value of an index expression. */
  index(index: Index): Value {
    const { base, constant } = this.#sum(index, 1, undefined);
    const sum = this.#scope.i32(constant);
    return base === undefined ? sum : this.#scope.add(base, sum);
  }

  /** The address of an element. */
  element(place: Where, index: Index, width: number): Address {
    const start = this.start(place);
    const crowded = standsAlone(place) && this.frames.at(-1)?.crowded === true;
    const sum = this.#sum(index, width, crowded ? undefined : start.base);
    let base = sum.base ?? start.base;
    if (crowded && sum.base !== undefined) base = this.#scope.add(sum.base, start.base);
    const constant = start.offset + sum.constant;
    const least = width * (index.min - index.constant);
    let folded = constant;
    if (least < -lowest) folded = Math.max(0, constant + least);
    else if (constant < 0) folded = constant - Math.floor(constant / (lowest / 2)) * (lowest / 2);
    return { base: this.#scope.add(base, this.#scope.i32(constant - folded)), offset: folded };
  }

  /** start + scale·index, without the constants; terms that change rarely are added first. */
  #sum(index: Index, scale: number, start: Value | undefined): { base: Value | undefined; constant: number } {
    let constant = scale * index.constant;
    const loops: { frame: Frame; coef: number }[] = [];
    const values: { value: Value; coef: number }[] = [];
    for (const { atom, coef } of index.terms) {
      const bound = atom.kind === "var" ? this.#binding(atom.variable) : { value: this.#atom(atom) };
      if ("loop" in bound) loops.push({ frame: bound.loop, coef: coef * scale });
      else if (bound.value.code.kind === "const") constant += bound.value.code.value * coef * scale;
      else values.push({ value: bound.value, coef: coef * scale });
    }
    loops.sort((a, b) => a.frame.block.depth - b.frame.block.depth);
    values.sort((a, b) => a.value.level - b.value.level);
    let base = start;
    const addValues = (below: number): void => {
      while (values.length > 0 && values[0]!.value.level < below) {
        const { value, coef } = values.shift()!;
        const part = this.#scope.multiply(value, coef);
        base = base === undefined ? part : this.#scope.add(base, part);
      }
    };
    for (const { frame, coef } of loops) {
      addValues(frame.block.depth);
      base = this.induction(frame, base, coef);
    }
    addValues(Number.POSITIVE_INFINITY);
    return { base, constant };
  }

  #binding(variable: LoopVar): Binding {
    const binding = this.bindings.get(variable);
    if (binding === undefined) throw new Error(`loop variable ${variable.name} is used outside of its loop`);
    return binding;
  }

  #atom(atom: Exclude<Atom, { kind: "var" }>): Value {
    if (atom.kind === "value") return this.#value(atom.value);
    // The machine divides towards zero: move the range up to where that is the floor.
    const shift = atom.arg.min < 0 ? Math.ceil(-atom.arg.min / atom.by) : 0;
    const arg = this.#scope.add(this.index(atom.arg), this.#scope.i32(shift * atom.by));
    if (atom.kind === "mod") return this.#scope.remainder(arg, atom.by);
    return this.#scope.add(this.#scope.divide(arg, atom.by), this.#scope.i32(-shift));
  }

  /** base + coef·(the variable of an open loop). */
  induction(frame: Frame, base: Value | undefined, coef: number): Value {
    // Very many pointers would not even fit into memory cheaply: then each access adds the offset itself.
    if (base !== undefined && frame.inductions.size >= 4 * maxPointers) {
      return this.#scope.add(base, this.induction(frame, undefined, coef));
    }
    const key = `${base?.id}*${coef}`;
    let known = frame.inductions.get(key);
    if (known === undefined) {
      const first = this.#scope.multiply(frame.begin, coef);
      const start = base === undefined ? first : this.#scope.add(base, first);
      this.#scope.use(start, frame.outside);
      const { variable, value } = this.#scope.variable("i32", frame.block.depth);
      known = { variable, value, start, step: coef * frame.step, base, coef };
      frame.inductions.set(key, known);
    }
    return known.value;
  }

  /** Picks the variable that ends a loop: one that is there anyway, best one that counts from a constant. */
  exit(frame: Frame): Exit {
    const all = [...frame.inductions.values()];
    if (all.length === 0) {
      this.induction(frame, undefined, 1);
      return this.exit(frame);
    }
    const induction = all.find((i) => i.base === undefined) ?? all[0]!;
    const last = this.#scope.multiply(frame.end, induction.coef);
    const limit = induction.base === undefined ? last : this.#scope.add(induction.base, last);
    this.#scope.use(limit);
    return { induction, limit };
  }
}
