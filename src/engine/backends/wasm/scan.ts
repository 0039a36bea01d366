/** What a statement touches and how long it runs, found out before code is made for it. */
import type { Buffer, Expr, Register } from "../../compiler/loop_ir/expr.ts";
import type { Index, LoopVar } from "../../compiler/loop_ir/index_expr.ts";
import type { Stmt } from "../../compiler/loop_ir/stmt.ts";

/** The loop of the loop IR. */
export type ForStmt = Extract<Stmt, { readonly kind: "for" }>;

/** Facts about a statement and everything in it. */
export interface Facts {
  /** Operations that one run executes, roughly. */
  readonly work: number;
  readonly stored: ReadonlySet<Buffer>;
  readonly assigned: ReadonlySet<Register>;
  /** How often each register is read or set in the text. */
  readonly mentions: ReadonlyMap<Register, number>;
  readonly variables: ReadonlySet<LoopVar>;
  /** Distinct ways to address memory, but for those of inner loops, with the buffer of each. */
  readonly addresses: ReadonlyMap<string, Buffer>;
}

/** How often a loop runs its body. */
export function trips(loop: ForStmt): number {
  return Math.max(0, Math.ceil((loop.end - loop.begin) / loop.step));
}

class FactsBuilder implements Facts {
  work = 0;
  readonly stored: Set<Buffer> = new Set();
  readonly assigned: Set<Register> = new Set();
  readonly mentions: Map<Register, number> = new Map();
  readonly variables: Set<LoopVar> = new Set();
  readonly addresses: Map<string, Buffer> = new Map();

  mention(register: Register, count = 1): void {
    this.mentions.set(register, (this.mentions.get(register) ?? 0) + count);
  }

  address(buffer: Buffer, index: Index, seen: Set<Expr>): void {
    this.addresses.set(`${buffer.id}|${index.terms.map((t) => `${t.coef}*${t.atom.id}`).join("+")}`, buffer);
    this.index(index, seen);
  }

  index(index: Index, seen: Set<Expr>): void {
    for (const { atom } of index.terms) {
      if (atom.kind === "var") this.variables.add(atom.variable);
      else if (atom.kind === "value") this.expr(atom.value, seen);
      else this.index(atom.arg, seen);
    }
  }

  expr(expr: Expr, seen: Set<Expr>): void {
    if (seen.has(expr)) return;
    seen.add(expr);
    this.work++;
    switch (expr.kind) {
      case "index":
        return this.index(expr.index, seen);
      case "load":
        return this.address(expr.buffer, expr.index, seen);
      case "reg":
        return this.mention(expr.register);
      case "op":
      case "pack":
        for (const arg of expr.args) this.expr(arg, seen);
        return;
      case "splat":
      case "extract":
        return this.expr(expr.arg, seen);
      case "const":
      case "ramp":
    }
  }

  include(inner: Facts, times: number, sameLoop: boolean): void {
    this.work += inner.work * times;
    for (const buffer of inner.stored) this.stored.add(buffer);
    for (const register of inner.assigned) this.assigned.add(register);
    for (const [register, count] of inner.mentions) this.mention(register, count);
    for (const variable of inner.variables) this.variables.add(variable);
    if (sameLoop) for (const [key, buffer] of inner.addresses) this.addresses.set(key, buffer);
  }
}

/** Looks statements up, each once. */
export class Scanner {
  readonly #known = new Map<Stmt, Facts>();
  readonly #bodies = new Map<readonly Stmt[], Facts>();

  /** Facts about one run of a list of statements. */
  body(stmts: readonly Stmt[]): Facts {
    let facts = this.#bodies.get(stmts);
    if (facts === undefined) {
      const made = new FactsBuilder();
      for (const stmt of stmts) made.include(this.stmt(stmt), 1, stmt.kind !== "for");
      facts = made;
      this.#bodies.set(stmts, facts);
    }
    return facts;
  }

  stmt(stmt: Stmt): Facts {
    let facts = this.#known.get(stmt);
    if (facts === undefined) {
      const made = new FactsBuilder();
      this.#scan(stmt, made);
      facts = made;
      this.#known.set(stmt, facts);
    }
    return facts;
  }

  #scan(stmt: Stmt, out: FactsBuilder): void {
    out.work++;
    switch (stmt.kind) {
      case "for":
        out.include(this.body(stmt.body), trips(stmt), true);
        return;
      case "if":
        out.expr(stmt.condition, new Set());
        out.include(this.body(stmt.body), 1, true);
        return;
      case "set":
        out.assigned.add(stmt.register);
        out.mention(stmt.register);
        out.expr(stmt.value, new Set());
        return;
      case "store": {
        const seen = new Set<Expr>();
        out.stored.add(stmt.buffer);
        out.address(stmt.buffer, stmt.index, seen);
        out.expr(stmt.value, seen);
        return;
      }
      case "barrier":
    }
  }
}
