/** Loops over the elements of a kernel: merging of axes, choice of the vector axis, main loop and remainder. */
import {
  type Buffer,
  type Expr,
  type ExprTable,
  type Index,
  type LoopVar,
  loopVar,
  type Register,
  type Stmt,
} from "../loop_ir/index.ts";
import { coefficient, indexUses, rewriter, vectorize, visit } from "../loop_ir/transform.ts";

/** One element written per round of the loops. */
export interface Store {
  readonly buffer: Buffer;
  readonly index: Index;
  readonly value: Expr;
}

/** 128-bit vectors of 32-bit values. */
export const vectorLanes = 4;

/** A loop over a range with a constant step; a single round is no loop. */
export function forLoop(
  variable: LoopVar,
  begin: number,
  end: number,
  step: number,
  body: readonly Stmt[],
  parallel = false,
): Stmt[] {
  return begin < end ? [{ kind: "for", variable, begin, end, step, parallel, body }] : [];
}

/** Statements whose loops all run in order, for what threads must not share out. */
export function serial(stmts: readonly Stmt[]): Stmt[] {
  return stmts.map((s): Stmt => {
    if (s.kind === "for") return { ...s, parallel: false, body: serial(s.body) };
    return s.kind === "if" ? { ...s, body: serial(s.body) } : s;
  });
}

/** Puts loops over whole variables around a body, the first variable outermost; all of them parallel or none. */
export function loopsAround(variables: readonly LoopVar[], body: readonly Stmt[], parallel = false): Stmt[] {
  let out = [...body];
  for (let i = variables.length - 1; i >= 0; i--) {
    const v = variables[i]!;
    out = forLoop(v, 0, v.extent, 1, out, parallel);
  }
  return out;
}

/**
 * Writes several values of one place: all are computed before the first is written, because a value may take over the
 * memory of one that another still reads at this place.
 */
export function storeAll(t: ExprTable, stores: readonly Store[]): Stmt[] {
  if (stores.length === 1) return [{ kind: "store", ...stores[0]! }];
  const registers: Register[] = stores.map((s) => t.register(s.value.type, s.value.lanes));
  return [
    ...stores.map((s, i): Stmt => ({ kind: "set", register: registers[i]!, value: s.value })),
    ...stores.map(
      (s, i): Stmt => ({ kind: "store", buffer: s.buffer, index: s.index, value: t.reg(registers[i]!) }),
    ),
  ];
}

/** All the indices that expressions and stores use. */
export function indicesOf(values: readonly Expr[], places: readonly Index[] = []): Index[] {
  const out = new Set<Index>(places);
  const seen = new Set<Expr>();
  for (const value of values) {
    visit(value, { index: (i) => out.add(i) }, seen);
  }
  // Run-time values hide loads inside of indices of stores, too.
  for (const place of places) {
    for (const term of place.terms) {
      if (term.atom.kind === "value") visit(term.atom.value, { index: (i) => out.add(i) }, seen);
    }
  }
  return [...out];
}

/**
 * Merges neighbouring axes that every index walks through as one: (i, j) becomes i·n + j. Fewer and longer loops are left,
 * and a plain elementwise kernel has just one.
 *
 * @returns the variables that are left and a rewriter for expressions and indices in the old ones
 */
export function coalesce(
  t: ExprTable,
  variables: readonly LoopVar[],
  indices: readonly Index[],
): { variables: LoopVar[]; expr: (e: Expr) => Expr; index: (i: Index) => Index } {
  const replace = new Map<LoopVar, Index>();
  const left: LoopVar[] = [];
  let run: LoopVar[] = [];
  const close = (): void => {
    if (run.length === 1) left.push(run[0]!);
    else if (run.length > 1) {
      const whole = loopVar(run.reduce((n, v) => n * v.extent, 1));
      for (const v of run) replace.set(v, t.index.constant(0));
      replace.set(run[run.length - 1]!, t.index.variable(whole));
      left.push(whole);
    }
    run = [];
  };
  for (const v of variables) {
    const outer = run[run.length - 1];
    const joins =
      outer !== undefined &&
      indices.every((i) => {
        const [a, b] = [coefficient(i, outer), coefficient(i, v)];
        return a !== undefined && b !== undefined && a === b * v.extent;
      });
    if (!joins) close();
    run.push(v);
  }
  close();
  const { expr, index } = rewriter(t, { variables: replace });
  return { variables: left, expr, index };
}

/** Whether any value involved is wider than the lanes of a vector. */
export function scalarOnly(values: readonly Expr[]): boolean {
  let wide = false;
  const seen = new Set<Expr>();
  for (const value of values) {
    visit(
      value,
      {
        expr(e) {
          wide ||= e.type === "float64";
        },
      },
      seen,
    );
  }
  return wide;
}

/** How well a variable serves as the vector axis: undefined if not at all. */
function vectorScore(v: LoopVar, stores: readonly Store[]): number | undefined {
  if (v.extent < vectorLanes) return undefined;
  let score = 0;
  for (const s of stores) if (coefficient(s.index, v) !== 1) return undefined;
  const seen = new Set<Expr>();
  for (const s of stores) {
    visit(
      s.value,
      {
        expr(e) {
          if (e.kind !== "load") return;
          const coef = coefficient(e.index, v);
          if (coef === 1 || coef === 0) score += 1;
          else if (indexUses(e.index, v)) score -= 2;
        },
      },
      seen,
    );
  }
  return score;
}

/** Loops that compute every store once for every combination of the variables. */
export function elementwiseLoops(
  t: ExprTable,
  variables: readonly LoopVar[],
  stores: readonly Store[],
): Stmt[] {
  if (stores.length === 0 || variables.some((v) => v.extent === 0)) return [];
  const indices = indicesOf(
    stores.map((s) => s.value),
    stores.map((s) => s.index),
  );
  const merged = coalesce(t, variables, indices);
  const all = stores.map((s) => ({
    buffer: s.buffer,
    index: merged.index(s.index),
    value: merged.expr(s.value),
  }));
  let vector: LoopVar | undefined;
  if (!scalarOnly(all.map((s) => s.value))) {
    let best = Number.NEGATIVE_INFINITY;
    for (const v of merged.variables) {
      const score = vectorScore(v, all);
      if (score !== undefined && score >= best) [vector, best] = [v, score];
    }
  }
  if (vector === undefined) return loopsAround(merged.variables, storeAll(t, all), true);
  const v = vector;
  const outer = merged.variables.filter((other) => other !== v);
  const wide = all.map((s) => ({ ...s, value: vectorize(t, s.value, v, vectorLanes) }));
  const main = v.extent - (v.extent % vectorLanes);
  const inner = [
    ...forLoop(v, 0, main, vectorLanes, storeAll(t, wide), true),
    ...forLoop(v, main, v.extent, 1, storeAll(t, all), true),
  ];
  return loopsAround(outer, inner, true);
}

/** A fresh variable for each axis longer than one; others stand at 0. */
export function axisVariables(t: ExprTable, shape: readonly number[]): { variables: LoopVar[]; at: Index[] } {
  const variables: LoopVar[] = [];
  const at = shape.map((n) => {
    if (n === 1) return t.index.constant(0);
    const v = loopVar(n);
    variables.push(v);
    return t.index.variable(v);
  });
  return { variables, at };
}
