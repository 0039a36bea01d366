/** Transformations of expressions: substitution of variables and registers, widening to vectors, questions about them. */
import type { Buffer, Expr, ExprTable, Register } from "./expr.ts";
import { type Atom, type Index, type LoopVar, visitAtoms } from "./index_expr.ts";
import type { Stmt } from "./stmt.ts";

/** What to put in place of buffers, loop variables and registers. */
export interface Replacement {
  readonly buffers?: ReadonlyMap<Buffer, Buffer>;
  readonly variables?: ReadonlyMap<LoopVar, Index>;
  readonly registers?: ReadonlyMap<Register, Expr>;
}

/** Rebuilds expressions with parts replaced. One rewriter remembers what it has done. */
export function rewriter(
  t: ExprTable,
  replace: Replacement,
): { expr: (e: Expr) => Expr; index: (i: Index) => Index } {
  const buffers = replace.buffers ?? new Map<Buffer, Buffer>();
  const variables = replace.variables ?? new Map<LoopVar, Index>();
  const registers = replace.registers ?? new Map<Register, Expr>();
  const done = new Map<Expr, Expr>();
  const indices = new Map<Index, Index>();
  const index = (i: Index): Index => {
    let out = indices.get(i);
    if (out === undefined) {
      out = t.index.substitute(i, variables, expr);
      indices.set(i, out);
    }
    return out;
  };
  const expr = (e: Expr): Expr => {
    let out = done.get(e);
    if (out === undefined) {
      out = rebuild(e);
      done.set(e, out);
    }
    return out;
  };
  const rebuild = (e: Expr): Expr => {
    switch (e.kind) {
      case "const":
      case "ramp":
        return e;
      case "index":
        return t.indexValue(index(e.index));
      case "load":
        return t.load(buffers.get(e.buffer) ?? e.buffer, index(e.index), e.lanes);
      case "reg":
        return registers.get(e.register) ?? e;
      case "op":
        return t.op(e.op, e.args.map(expr), e.type);
      case "splat":
        return t.splat(expr(e.arg), e.lanes);
      case "pack":
        return t.pack(e.args.map(expr));
      case "extract":
        return t.extract(expr(e.arg), e.lane);
    }
  };
  return { expr, index };
}

/** Statements with parts of their expressions replaced, and the buffers that they write. */
export function rewriteBody(t: ExprTable, body: readonly Stmt[], replace: Replacement): Stmt[] {
  const { expr, index } = rewriter(t, replace);
  const rewrite = (s: Stmt): Stmt => {
    switch (s.kind) {
      case "for":
        return { ...s, body: s.body.map(rewrite) };
      case "if":
        return { ...s, condition: expr(s.condition), body: s.body.map(rewrite) };
      case "barrier":
        return s;
      case "set":
        return { ...s, value: expr(s.value) };
      case "store": {
        const buffer = replace.buffers?.get(s.buffer) ?? s.buffer;
        return { ...s, buffer, index: index(s.index), value: expr(s.value) };
      }
    }
  };
  return body.map(rewrite);
}

/** The coefficient of a variable in an index that is affine in it; undefined if it occurs inside of an atom. */
export function coefficient(i: Index, v: LoopVar): number | undefined {
  let coef = 0;
  for (const term of i.terms) {
    if (term.atom.kind === "var") {
      if (term.atom.variable === v) coef = term.coef;
    } else if (atomUses(term.atom, v)) return undefined;
  }
  return coef;
}

function atomUses(atom: Atom, v: LoopVar): boolean {
  if (atom.kind === "var") return atom.variable === v;
  if (atom.kind === "value") return uses(atom.value, v);
  return indexUses(atom.arg, v);
}

/** Whether an index depends on a variable. */
export function indexUses(i: Index, v: LoopVar): boolean {
  return i.terms.some((term) => atomUses(term.atom, v));
}

/** Whether an expression depends on a variable. */
export function uses(e: Expr, v: LoopVar): boolean {
  let found = false;
  visit(e, {
    index(i) {
      found ||= i.terms.some((term) => term.atom.kind !== "value" && atomUses(term.atom, v));
    },
  });
  return found;
}

/** What a walk over an expression reports; everything once. */
export interface Visitor {
  readonly expr?: (e: Expr) => void;
  /** Every index of a load or of an index value, those inside of run-time values included. */
  readonly index?: (i: Index) => void;
}

/** Walks an expression and what its indices are made of. */
export function visit(root: Expr, visitor: Visitor, seen: Set<Expr> = new Set()): void {
  const walk = (e: Expr): void => {
    if (seen.has(e)) return;
    seen.add(e);
    visitor.expr?.(e);
    if (e.kind === "op" || e.kind === "pack") e.args.forEach(walk);
    else if (e.kind === "splat" || e.kind === "extract") walk(e.arg);
    else if (e.kind === "load" || e.kind === "index") {
      visitor.index?.(e.index);
      visitAtoms(e.index, (atom) => {
        if (atom.kind === "value") walk(atom.value);
      });
    }
  };
  walk(root);
}

/**
 * The expression for `lanes` neighbouring values of a variable, from its present value on. Loads that move by one
 * element become vector loads, what does not depend on the variable is computed once, everything else lane by lane.
 *
 * @param registers what to put in place of registers; vectors among them are taken lane for lane
 */
export function vectorize(
  t: ExprTable,
  root: Expr,
  v: LoopVar,
  lanes: number,
  registers: ReadonlyMap<Register, Expr> = new Map(),
): Expr {
  const at = (lane: number): ReturnType<typeof rewriter> => {
    const by = t.index.addConstant(t.index.variable(v), lane);
    const own = new Map([...registers].map(([r, e]) => [r, e.lanes > 1 ? t.extract(e, lane) : e]));
    return rewriter(t, { variables: new Map([[v, by]]), registers: own });
  };
  const single = at(0);
  if (lanes === 1) return single.expr(root);
  // Most kernels never need single lanes.
  let perLane: ReturnType<typeof rewriter>[] | undefined;
  const lanewise = (e: Expr): Expr => {
    perLane ??= Array.from({ length: lanes }, (_, lane) => at(lane));
    return t.pack(perLane.map((s) => s.expr(e)));
  };

  const varying = new Map<Expr, boolean>();
  const varies = (e: Expr): boolean => {
    let out = varying.get(e);
    if (out === undefined) {
      if (e.kind === "op" || e.kind === "pack") out = e.args.some(varies);
      else if (e.kind === "splat" || e.kind === "extract") out = varies(e.arg);
      else if (e.kind === "reg") out = (registers.get(e.register)?.lanes ?? 1) > 1;
      else if (e.kind === "load" || e.kind === "index") out = indexUses(e.index, v);
      else out = e.kind === "ramp";
      varying.set(e, out);
    }
    return out;
  };
  const done = new Map<Expr, Expr>();
  const widen = (e: Expr): Expr => {
    let out = done.get(e);
    if (out === undefined) {
      out = varies(e) ? build(e) : t.splat(single.expr(e), lanes);
      done.set(e, out);
    }
    return out;
  };
  const build = (e: Expr): Expr => {
    switch (e.kind) {
      case "index": {
        const coef = coefficient(e.index, v);
        if (coef === undefined) return lanewise(e);
        const step = t.op("mul", [t.ramp(lanes), t.const("int32", coef, lanes)]);
        return t.op("add", [t.splat(e, lanes), step]);
      }
      case "load":
        return coefficient(e.index, v) === 1 ? t.load(e.buffer, e.index, lanes) : lanewise(e);
      case "op":
        return t.op(e.op, e.args.map(widen), e.type);
      case "reg":
        return registers.get(e.register)!;
      default:
        return lanewise(e);
    }
  };
  return widen(root);
}
