/** Lists programs of the loop IR for people, in the manner of C. */
import type { Buffer, Expr, OpName } from "./expr.ts";
import type { Atom, Index } from "./index_expr.ts";
import type { Kernel, Place, Program, Step, Stmt } from "./stmt.ts";

const infix: { readonly [O in OpName]?: string } = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  rem: "%",
  and: "&",
  or: "|",
  xor: "^",
  shl: "<<",
  shr: ">>",
  eq: "==",
  ne: "!=",
  lt: "<",
  le: "<=",
  gt: ">",
  ge: ">=",
};

/** Names buffers and registers by the order in which they occur, so that listings do not depend on other compilations. */
class Printer {
  readonly #names: Map<object, string> = new Map();
  readonly #places: ReadonlyMap<Buffer, Place>;
  readonly #lines: string[] = [];
  readonly #shared: Map<Expr, string> = new Map();
  #counts: { [prefix: string]: number } = {};

  constructor(places: ReadonlyMap<Buffer, Place>) {
    this.#places = places;
  }

  get text(): string {
    return this.#lines.join("\n");
  }

  #line(depth: number, text: string): void {
    this.#lines.push("  ".repeat(depth) + text);
  }

  #name(thing: object, prefix: string): string {
    let name = this.#names.get(thing);
    if (name === undefined) {
      const n = this.#counts[prefix] ?? 0;
      this.#counts[prefix] = n + 1;
      name = `${prefix}${n}`;
      this.#names.set(thing, name);
    }
    return name;
  }

  #buffer(buffer: Buffer): string {
    const place = this.#places.get(buffer);
    return place?.space === "slot" ? `slot${place.slot}` : this.#name(buffer, "t");
  }

  #atom(atom: Atom): string {
    if (atom.kind === "var") return this.#name(atom.variable, "i");
    if (atom.kind === "value") return this.#expr(atom.value);
    return `(${this.#index(atom.arg)} ${atom.kind === "div" ? "/" : "%"} ${atom.by})`;
  }

  #index(index: Index): string {
    const factor = (coef: number): string => (coef === 1 ? "" : coef === -1 ? "-" : `${coef}*`);
    const terms = index.terms.map(({ atom, coef }) => factor(coef) + this.#atom(atom));
    if (index.constant !== 0 || terms.length === 0) terms.push(String(index.constant));
    return terms.join(" + ").replaceAll("+ -", "- ");
  }

  #element(buffer: Buffer, index: Index, lanes: number): string {
    return `${this.#buffer(buffer)}[${this.#index(index)}${lanes > 1 ? ` :${lanes}` : ""}]`;
  }

  /** Writes what a statement uses more than once as lines of their own. */
  #share(roots: readonly Expr[], depth: number): void {
    this.#shared.clear();
    const uses = new Map<Expr, number>();
    const order: Expr[] = [];
    const visit = (e: Expr): void => {
      const count = uses.get(e) ?? 0;
      uses.set(e, count + 1);
      if (count > 0) return;
      if (e.kind === "op" || e.kind === "pack") e.args.forEach(visit);
      else if (e.kind === "splat" || e.kind === "extract") visit(e.arg);
      order.push(e);
    };
    roots.forEach(visit);
    for (const e of order) {
      if ((e.kind !== "op" && e.kind !== "pack") || uses.get(e)! < 2) continue;
      const text = this.#expr(e);
      const name = `v${this.#shared.size}`;
      this.#line(depth, `${name} = ${text}`);
      this.#shared.set(e, name);
    }
  }

  #expr(e: Expr): string {
    const shared = this.#shared.get(e);
    if (shared !== undefined) return shared;
    switch (e.kind) {
      case "const":
        return Object.is(e.value, -0) ? "-0" : String(e.value);
      case "index":
        return e.index.terms.length + Math.abs(e.index.constant) === 1
          ? this.#index(e.index)
          : `(${this.#index(e.index)})`;
      case "ramp":
        return "ramp";
      case "load":
        return this.#element(e.buffer, e.index, e.lanes);
      case "reg":
        return this.#name(e.register, "r");
      case "splat":
        return `splat(${this.#expr(e.arg)})`;
      case "pack":
        return `pack(${e.args.map((a) => this.#expr(a)).join(", ")})`;
      case "extract":
        return `${this.#expr(e.arg)}.${e.lane}`;
      case "op": {
        const args = e.args.map((a) => this.#expr(a));
        const symbol = infix[e.op];
        if (symbol !== undefined) return `(${args[0]} ${symbol} ${args[1]})`;
        const name = e.op === "convert" || e.op === "bitcast" ? `${e.op}_${e.type}` : e.op;
        return `${name}(${args.join(", ")})`;
      }
    }
  }

  stmt(stmt: Stmt, depth: number): void {
    switch (stmt.kind) {
      case "for": {
        const name = this.#name(stmt.variable, "i");
        const word = stmt.parallel ? "parallel for" : "for";
        const step = stmt.step === 1 ? "" : ` by ${stmt.step}`;
        this.#line(depth, `${word} ${name} in ${stmt.begin}..${stmt.end}${step}:`);
        for (const inner of stmt.body) this.stmt(inner, depth + 1);
        return;
      }
      case "if":
        this.#share([stmt.condition], depth);
        this.#line(depth, `if ${this.#expr(stmt.condition)}:`);
        for (const inner of stmt.body) this.stmt(inner, depth + 1);
        return;
      case "set":
        this.#share([stmt.value], depth);
        return this.#line(depth, `${this.#name(stmt.register, "r")} = ${this.#expr(stmt.value)}`);
      case "store": {
        this.#share([stmt.value], depth);
        const to = this.#element(stmt.buffer, stmt.index, stmt.value.lanes);
        return this.#line(depth, `${to} = ${this.#expr(stmt.value)}`);
      }
      case "barrier":
        return this.#line(depth, "barrier");
    }
  }

  kernel(kernel: Kernel, depth: number): void {
    this.#line(depth, `kernel ${kernel.name}:`);
    for (const stmt of kernel.body) this.stmt(stmt, depth + 1);
  }

  steps(steps: readonly Step[], depth: number): void {
    for (const step of steps) {
      if (step.kind === "kernel") this.kernel(step.kernel, depth);
      else if (step.kind === "copy")
        this.#line(depth, `copy ${this.#buffer(step.to)} = ${this.#buffer(step.from)}`);
      else {
        const goesOn = step.condition === undefined ? "" : ` while ${this.#buffer(step.condition)}[0]`;
        this.#line(
          depth,
          `loop ${this.#buffer(step.count)}[0] times${goesOn}, round in ${this.#buffer(step.index)}[0]:`,
        );
        this.steps(step.body, depth + 1);
      }
    }
  }

  /** Where the buffers that occur in the arena or in private memory lie. */
  space(space: "arena" | "private", bytes: number): void {
    this.#line(0, `${space === "arena" ? "arena" : "private memory"} of ${bytes} bytes`);
    for (const [buffer, place] of this.#places) {
      if (place.space !== space || !this.#names.has(buffer)) continue;
      this.#line(1, `${this.#buffer(buffer)}: ${buffer.dtype}[${buffer.size}] at ${place.offset}`);
    }
  }
}

/**
 * The listing of a program: its steps, then the buffers of its arena and of its private memory. Buffers in slots are
 * `slot0`, `slot1`, …, others `t0`, …; `x[i :4]` are four neighbouring elements.
 */
export function listing(program: Program): string {
  const printer = new Printer(program.places);
  printer.steps(program.steps, 0);
  printer.space("arena", program.arenaBytes);
  if (program.privateBytes > 0) printer.space("private", program.privateBytes);
  return printer.text;
}

/** The listing of one kernel. */
export function listKernel(kernel: Kernel): string {
  const printer = new Printer(new Map());
  printer.kernel(kernel, 0);
  return printer.text;
}
