/**
 * Finds kernels that differ in nothing but where their arrays lie, as those of a deep network's equal layers do. They become
 * one function, which is told the addresses: there is less to print, and less for the host to compile.
 */
import type { Buffer, Expr, Register } from "../../compiler/loop_ir/expr.ts";
import type { Atom, Index, LoopVar } from "../../compiler/loop_ir/index_expr.ts";
import type { Place, Stmt } from "../../compiler/loop_ir/stmt.ts";
import type { Scanner } from "./scan.ts";

/** Shorter kernels stand inside of a function with their neighbours, which costs less than one of their own. */
const shortest = 1000;

/** What kernels that are alike have in common, and the arrays of one of them. */
export interface Twin {
  /** A text that kernels share exactly if their code is the same. */
  readonly key: string;
  /** The arrays whose addresses the code takes, in order. */
  readonly given: readonly Buffer[];
}

/** Kernels or parts of them, by what they have in common. */
export class Twins {
  readonly #places: ReadonlyMap<Buffer, Place>;
  readonly #scanner: Scanner;
  /** Bodies that may be alike, because they have one name and do equally much. */
  readonly #similar: Map<string, (readonly Stmt[])[]> = new Map();
  #found: Map<readonly Stmt[], Twin> | undefined;

  constructor(places: ReadonlyMap<Buffer, Place>, scanner: Scanner) {
    this.#places = places;
    this.#scanner = scanner;
  }

  /** @param how the way in which the statements are run */
  add(name: string, body: readonly Stmt[], how: string): void {
    const key = `${how} ${name} ${this.#scanner.body(body).work}`;
    const list = this.#similar.get(key);
    if (list === undefined) this.#similar.set(key, [body]);
    else list.push(body);
  }

  /** What a body has in common with others; undefined if it is the only one of its kind. */
  of(body: readonly Stmt[]): Twin | undefined {
    this.#found ??= this.#find();
    return this.#found.get(body);
  }

  #find(): Map<readonly Stmt[], Twin> {
    const found = new Map<readonly Stmt[], Twin>();
    for (const [how, bodies] of this.#similar) {
      if (bodies.length === 1) continue;
      const same = new Map<string, [readonly Stmt[], Twin][]>();
      for (const body of bodies) {
        const form = new Form(this.#places);
        form.body(body);
        if (form.text.length < shortest) continue;
        const twin = { key: `${how} ${form.text}`, given: form.given };
        const list = same.get(form.text);
        if (list === undefined) same.set(form.text, [[body, twin]]);
        else list.push([body, twin]);
      }
      for (const list of same.values()) {
        if (list.length > 1) for (const [body, twin] of list) found.set(body, twin);
      }
    }
    return found;
  }
}

/** Statements as a text in which things are called by the order in which they come. */
class Form {
  text = "";
  readonly given: Buffer[] = [];
  readonly #places: ReadonlyMap<Buffer, Place>;
  readonly #numbers: Map<object, number> = new Map();

  constructor(places: ReadonlyMap<Buffer, Place>) {
    this.#places = places;
  }

  body(stmts: readonly Stmt[]): void {
    this.text += "{";
    for (const stmt of stmts) this.#stmt(stmt);
    this.text += "}";
  }

  #stmt(stmt: Stmt): void {
    this.text += `\n${stmt.kind}`;
    switch (stmt.kind) {
      case "for":
        this.#variable(stmt.variable);
        this.text += ` ${stmt.begin} ${stmt.end} ${stmt.step} ${stmt.parallel}`;
        return this.body(stmt.body);
      case "if":
        this.#expr(stmt.condition);
        return this.body(stmt.body);
      case "set":
        this.#register(stmt.register);
        return this.#expr(stmt.value);
      case "store":
        this.#buffer(stmt.buffer);
        this.#index(stmt.index);
        return this.#expr(stmt.value);
      case "barrier":
    }
  }

  /** Writes the number of what has come before; gives one to what is new. */
  #known(it: object): boolean {
    const number = this.#numbers.get(it);
    if (number === undefined) {
      this.#numbers.set(it, this.#numbers.size);
      return false;
    }
    this.text += ` ${number}`;
    return true;
  }

  #variable(variable: LoopVar): void {
    if (!this.#known(variable)) this.text += ` v${variable.extent}`;
  }

  #register(register: Register): void {
    if (!this.#known(register)) this.text += ` r${register.type}${register.lanes}`;
  }

  #buffer(buffer: Buffer): void {
    if (this.#known(buffer)) return;
    this.text += ` b${buffer.dtype}${buffer.size}`;
    const place = this.#places.get(buffer);
    // Private memory is addressed from the thread's block; its places are most often the same.
    if (place?.space === "private") this.text += `@${place.offset}`;
    else this.given.push(buffer);
  }

  #index(index: Index): void {
    if (this.#known(index)) return;
    this.text += ` [${index.constant}`;
    for (const { atom, coef } of index.terms) {
      this.text += ` ${coef}*`;
      this.#atom(atom);
    }
    this.text += "]";
  }

  #atom(atom: Atom): void {
    if (this.#known(atom)) return;
    this.text += `${atom.kind} ${atom.min} ${atom.max}`;
    if (atom.kind === "var") return this.#variable(atom.variable);
    if (atom.kind === "value") return this.#expr(atom.value);
    this.text += ` ${atom.by}`;
    this.#index(atom.arg);
  }

  #expr(expr: Expr): void {
    if (this.#known(expr)) return;
    this.text += `(${expr.kind} ${expr.type}${expr.lanes}`;
    switch (expr.kind) {
      case "const":
        this.text += Object.is(expr.value, -0) ? " -0" : ` ${expr.value}`;
        break;
      case "index":
        this.#index(expr.index);
        break;
      case "load":
        this.#buffer(expr.buffer);
        this.#index(expr.index);
        break;
      case "reg":
        this.#register(expr.register);
        break;
      case "op":
        this.text += ` ${expr.op}`;
        for (const arg of expr.args) this.#expr(arg);
        break;
      case "pack":
        for (const arg of expr.args) this.#expr(arg);
        break;
      case "splat":
        this.#expr(expr.arg);
        break;
      case "extract":
        this.text += ` ${expr.lane}`;
        this.#expr(expr.arg);
        break;
      case "ramp":
    }
    this.text += ")";
  }
}
