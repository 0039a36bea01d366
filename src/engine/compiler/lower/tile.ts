/** What kernels accumulate, and the register tile of outputs that their inner loops work on. */
import type { DType } from "../../tensor/dtype.ts";
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
import { coefficient, indexUses, rewriter, uses, vectorize, visit } from "../loop_ir/transform.ts";
import { forLoop, type Store, storeAll } from "./nest.ts";

/** What a kernel accumulates. All expressions are for one element, in the given loop variables. */
export interface Contraction {
  /** Variables of the result, outermost first. */
  readonly outputs: readonly LoopVar[];
  /** Variables that are summed over. */
  readonly summed: readonly LoopVar[];
  /** Accumulators: where they begin, and what each becomes with one more term (in terms of all of them). */
  readonly accumulators: readonly {
    readonly register: Register;
    readonly begin: Expr;
    readonly next: Expr;
  }[];
  /** The factors of a product, if that is what is accumulated. */
  readonly factors: readonly [Expr, Expr] | undefined;
  /**
   * Conditions without which a term is zero and may be left out: whoever lowers the loops may heed them, or not. Each belongs
   * to one axis of a convolution.
   */
  readonly guards?: readonly Expr[];
  /** How two partial accumulations become one, if the order does not matter. */
  readonly combine: ((a: Expr, b: Expr) => Expr) | undefined;
  /** What is written at the end, in terms of the accumulators. */
  readonly stores: readonly Store[];
}

/** Makes a buffer that only the kernel sees. */
export type Scratch = (size: number, dtype?: DType) => Buffer;

/** Sums of up to so many terms are written out. */
const writtenOut = 9;
/** From so many terms on it pays to ask whether they are all zero. */
const worthAsking = 16;
/** An epilogue of more operations than this is written once for all rows of a tile, which go through memory. */
export const longEpilogue: number = 12;

/** Loads of an expression with a variable's coefficient in each. */
export function loadCoefficients(e: Expr, v: LoopVar): (number | undefined)[] {
  const out: (number | undefined)[] = [];
  visit(e, {
    expr(x) {
      if (x.kind === "load") out.push(indexUses(x.index, v) ? coefficient(x.index, v) : 0);
    },
  });
  return out;
}

/** The outputs that share what depends on the vector axis, if there are some, or else one of the factors: rows of a tile. */
export function rowVariable(c: Contraction, n: LoopVar | undefined): LoopVar | undefined {
  const { factors } = c;
  if (factors === undefined) return undefined;
  const others = c.outputs.filter((v) => v !== n).reverse();
  const right = n === undefined ? [] : factors.filter((f) => uses(f, n));
  return (
    others.find((v) => right.length > 0 && right.every((f) => !uses(f, v))) ??
    others.find((v) => factors.some((f) => !uses(f, v)))
  );
}

/** One accumulator tile: rows × columns, where a column is a vector or a scalar. */
export interface Tile {
  readonly rows: number;
  readonly vectors: number;
  readonly lanes: number;
  /** Valid lanes of the last column, if it is not whole. */
  readonly partial: number;
}

/** Replaces an operand inside of the terms, for packed panels. */
export type Operand = (column: number, lanes: number) => Expr;

/** The operands of tiles whose right side is packed. */
export interface Panel {
  /** Which factor it is. */
  readonly factor: number;
  readonly operand: Operand;
  /** The other factor in a row of the tile, if it is packed, too. */
  readonly left?: (row: number) => Expr;
  readonly scratch: Scratch;
}

/**
 * The statements for one tile at the present values of the loop variables.
 *
 * @param row the variable of the rows, @param column that of the columns; the tile covers the next ones of each
 */
export function tileBody(
  t: ExprTable,
  c: Contraction,
  tile: Tile,
  row: LoopVar | undefined,
  column: LoopVar | undefined,
  panel?: Panel,
): Stmt[] {
  const { lanes } = tile;
  // Widened once for each column, with these in place of the accumulators; each cell then puts its own in.
  const stand = c.accumulators.map((a) => t.register(a.register.type, lanes));
  const standing = new Map(c.accumulators.map((a, i) => [a.register, t.reg(stand[i]!)]));
  const right = (j: number): ReadonlyMap<LoopVar, Index> => {
    if (column === undefined || j === 0) return new Map();
    return new Map([[column, t.index.addConstant(t.index.variable(column), j * lanes)]]);
  };
  const widen = (e: Expr, j: number): Expr => {
    const moved = j === 0 ? e : rewriter(t, { variables: right(j) }).expr(e);
    if (column !== undefined) return vectorize(t, moved, column, lanes, standing);
    return rewriter(t, { registers: standing }).expr(moved);
  };
  // Stands for the left side's element of a row, if that is packed.
  const rowStand = panel?.left && t.register(c.factors![1 - panel.factor]!.type);
  const columns = Array.from({ length: tile.vectors }, (_, j) => ({
    begin: c.accumulators.map((a) => widen(a.begin, j)),
    next: c.accumulators.map((a, i) => {
      if (panel === undefined || c.factors === undefined) return widen(a.next, j);
      const left =
        rowStand === undefined ? widen(c.factors[1 - panel.factor]!, 0) : t.splat(t.reg(rowStand), lanes);
      return product(t, left, panel.operand(j, lanes), t.reg(stand[i]!));
    }),
    values: tile.partial === 0 || j < tile.vectors - 1 ? c.stores.map((s) => widen(s.value, j)) : undefined,
  }));
  const cells = Array.from({ length: tile.rows * tile.vectors }, (_, i) => {
    const [r, j] = [Math.floor(i / tile.vectors), i % tile.vectors];
    const own = stand.map((s) => t.register(s.type, lanes));
    const down = new Map<LoopVar, Index>();
    if (row !== undefined && r > 0) down.set(row, t.index.addConstant(t.index.variable(row), r));
    const registers = new Map(stand.map((s, n) => [s, t.reg(own[n]!)]));
    if (rowStand !== undefined) registers.set(rowStand, panel!.left!(r));
    return { j, own, down, place: rewriter(t, { variables: down, registers }) };
  });

  const begin = cells.flatMap(({ j, own, place }) =>
    own.map((register, i): Stmt => {
      return { kind: "set", register, value: place.expr(columns[j]!.begin[i]!) };
    }),
  );
  const step = cells.flatMap(({ j, own, place }) => assignAll(t, own, columns[j]!.next.map(place.expr)));
  if (panel !== undefined && tile.rows > 1 && row !== undefined && c.accumulators.length === 1) {
    if (operations(c.stores.map((s) => s.value)) > longEpilogue) {
      const end = longEnd(t, c, tile, row, column!, panel.scratch, cells);
      return [...sumLoops(t, c.summed, begin, step, c.guards), ...end];
    }
  }
  const end = cells.flatMap(({ j, own, down, place }) => {
    const { values } = columns[j]!;
    const moved = new Map([...right(j), ...down]);
    if (values !== undefined) {
      const { index } = rewriter(t, { variables: moved });
      return storeAll(
        t,
        c.stores.map((s, i) => ({ buffer: s.buffer, index: index(s.index), value: place.expr(values[i]!) })),
      );
    }
    return Array.from({ length: tile.partial }, (_, lane) => {
      const registers = new Map(c.accumulators.map((a, n) => [a.register, t.extract(t.reg(own[n]!), lane)]));
      const by = t.index.addConstant(t.index.variable(column!), j * lanes + lane);
      const { expr, index } = rewriter(t, { variables: new Map([...moved, [column!, by]]), registers });
      return storeAll(
        t,
        c.stores.map((s) => ({ buffer: s.buffer, index: index(s.index), value: expr(s.value) })),
      );
    }).flat();
  });
  return [...sumLoops(t, c.summed, begin, step, c.guards), ...end];
}

/** Operations of expressions, each counted once. */
export function operations(values: readonly Expr[]): number {
  let count = 0;
  const seen = new Set<Expr>();
  for (const value of values) visit(value, { expr: (e) => void (count += Number(e.kind === "op")) }, seen);
  return count;
}

/** Writes the sums of a tile down, and then runs the epilogue over its rows in a loop. */
function longEnd(
  t: ExprTable,
  c: Contraction,
  { rows, vectors, lanes, partial }: Tile,
  row: LoopVar,
  column: LoopVar,
  scratch: Scratch,
  cells: readonly { readonly own: readonly Register[] }[],
): Stmt[] {
  const { register } = c.accumulators[0]!;
  const width = vectors * lanes;
  const buffer = scratch(rows * width, register.type);
  const down = loopVar(rows, "r");
  const start = t.index.mul(t.index.variable(down), width);
  const to = t.index.add(t.index.variable(row), t.index.variable(down));
  const stand = t.register(register.type, lanes);
  const body = Array.from({ length: vectors }, (_, j): Stmt[] => {
    const at = (by: number): ReturnType<typeof rewriter> => {
      const here = t.index.addConstant(t.index.variable(column), j * lanes + by);
      const sum = t.load(buffer, t.index.addConstant(start, j * lanes + by));
      const registers = new Map([[register, sum]]);
      return rewriter(t, {
        variables: new Map([...(j + by > 0 ? [[column, here] as const] : []), [row, to]]),
        registers,
      });
    };
    const place = (rewrite: ReturnType<typeof rewriter>, value: (s: Store) => Expr): Stmt[] =>
      storeAll(
        t,
        c.stores.map((s) => ({ buffer: s.buffer, index: rewrite.index(s.index), value: value(s) })),
      );
    if (partial > 0 && j === vectors - 1) {
      return Array.from({ length: partial }, (_, lane) =>
        place(at(lane), (s) => at(lane).expr(s.value)),
      ).flat();
    }
    const sum = t.load(buffer, t.index.addConstant(start, j * lanes), lanes);
    const here = t.index.addConstant(t.index.variable(column), j * lanes);
    const first = j === 0 ? undefined : rewriter(t, { variables: new Map([[column, here]]) });
    const last = rewriter(t, { variables: new Map([[row, to]]), registers: new Map([[stand, sum]]) });
    const wide = (s: Store): Expr => {
      const moved = first === undefined ? s.value : first.expr(s.value);
      return last.expr(vectorize(t, moved, column, lanes, new Map([[register, t.reg(stand)]])));
    };
    return place(at(0), wide);
  }).flat();
  return [
    ...cells.map(({ own }, i): Stmt => {
      return { kind: "store", buffer, index: t.index.constant(i * lanes), value: t.reg(own[0]!) };
    }),
    ...forLoop(down, 0, rows, 1, body),
  ];
}

/**
 * Loops over the terms of a sum. A few terms are written out: a loop would cost more than they do.
 *
 * @param begin sets the registers to what a sum of nothing is, @param step adds one term, @param guards see `Contraction`
 */
export function sumLoops(
  t: ExprTable,
  summed: readonly LoopVar[],
  begin: readonly Stmt[],
  step: readonly Stmt[],
  guards: readonly Expr[] = [],
): Stmt[] {
  const terms = summed.reduce((size, v) => size * v.extent, 1);
  if (terms > writtenOut) return [...begin, ...guarded(t, summed, step, guards)];
  const initial = new Map(begin.flatMap((s) => (s.kind === "set" ? [[s.register, s.value] as const] : [])));
  return Array.from({ length: terms }, (_, term) => {
    let rest = term;
    const at = new Map<LoopVar, Index>();
    for (const v of [...summed].reverse()) {
      at.set(v, t.index.constant(rest % v.extent));
      rest = Math.floor(rest / v.extent);
    }
    const { expr } = rewriter(t, { variables: at, registers: term === 0 ? initial : new Map() });
    return step.map((s): Stmt => (s.kind === "set" ? { ...s, value: expr(s.value) } : s));
  }).flat();
}

/** Loops over the terms of a sum; of what depends on fewer variables it is asked first whether it is zero. */
function guarded(
  t: ExprTable,
  summed: readonly LoopVar[],
  step: readonly Stmt[],
  guards: readonly Expr[],
): Stmt[] {
  let terms = 1;
  let out = [...step];
  let left = [...guards];
  for (let i = summed.length; i >= 0; i--) {
    // All that the loops inside decide has been asked, so what no outer loop decides can be asked here.
    const here = left.filter((g) => i === 0 || uses(g, summed[i - 1]!));
    left = left.filter((g) => !here.includes(g));
    if (here.length > 0 && terms >= worthAsking) {
      out = [{ kind: "if", condition: here.reduce((a, b) => t.op("and", [a, b])), body: out }];
    }
    if (i === 0) break;
    const v = summed[i - 1]!;
    out = forLoop(v, 0, v.extent, 1, out);
    terms *= v.extent;
  }
  return out;
}

/** a·b + acc, fused for floats. */
export function product(t: ExprTable, a: Expr, b: Expr, acc: Expr): Expr {
  return acc.type === "float32" || acc.type === "float64"
    ? t.op("fma", [a, b, acc])
    : t.op("add", [acc, t.op("mul", [a, b])]);
}

/** Sets registers to values that may read any of them. */
function assignAll(t: ExprTable, registers: readonly Register[], values: readonly Expr[]): Stmt[] {
  if (registers.length === 1) return [{ kind: "set", register: registers[0]!, value: values[0]! }];
  const hold = values.map((v) => t.register(v.type, v.lanes));
  return [
    ...values.map((value, i): Stmt => ({ kind: "set", register: hold[i]!, value })),
    ...registers.map((register, i): Stmt => ({ kind: "set", register, value: t.reg(hold[i]!) })),
  ];
}

/** Covers 0 … extent with whole tiles and one smaller one. */
export function cover(
  extent: number,
  size: number,
  body: (size: number) => Stmt[],
  v: LoopVar,
  parallel: boolean,
): Stmt[] {
  const main = extent - (extent % size);
  return [
    ...forLoop(v, 0, main, size, main > 0 ? body(size) : [], parallel),
    ...forLoop(v, main, extent, extent, extent > main ? body(extent - main) : [], parallel),
  ];
}

export function sumExtent(c: Contraction): number {
  return c.summed.reduce((size, v) => size * v.extent, 1);
}

/** The largest part of `extent` up to `most` that divides it, unless that would be much smaller than `most`. */
export function evenPart(extent: number, most: number, multiple = 1): number {
  const limit = Math.max(1, Math.min(extent, Math.floor(most)));
  for (let part = limit; part > limit / 2; part--) {
    if (extent % part === 0 && part % multiple === 0) return part;
  }
  return Math.min(extent, Math.ceil(limit / multiple) * multiple);
}
