/**
 * Kernels that accumulate: reductions and contractions, as loops over a register tile of outputs. Where both sides of a
 * product are read many times, the right side is packed into panels that the inner loop reads in order.
 */
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
import {
  coalesce,
  forLoop,
  indicesOf,
  loopsAround,
  type Store,
  scalarOnly,
  storeAll,
  vectorLanes,
} from "./nest.ts";

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
  /** How two partial accumulations become one, if the order does not matter. */
  readonly combine: ((a: Expr, b: Expr) => Expr) | undefined;
  /** What is written at the end, in terms of the accumulators. */
  readonly stores: readonly Store[];
}

/** Makes a buffer that only the kernel sees. */
export type Scratch = (size: number) => Buffer;

/** Output rows and output vectors that one register tile has: 8 accumulators leave room for the operands. */
const tileRows = 4;
const tileVectors = 2;
/** From this many rows on, copying the right side into panels pays. */
const packRows = 8;
const packSum = 16;

export function contractionLoops(t: ExprTable, c: Contraction, scratch: Scratch): Stmt[] {
  if (c.outputs.some((v) => v.extent === 0)) return [];
  const plan = normalize(t, c);
  if (plan.summed.some((v) => v.extent === 0)) return emptySum(t, plan);
  const values = [...plan.accumulators.map((a) => a.next), ...plan.stores.map((s) => s.value)];
  if (!scalarOnly(values)) {
    const n = outputVector(plan);
    const k = sumVector(plan);
    if (
      n !== undefined &&
      (k === undefined || n.extent >= 2 * vectorLanes || plan.summed[plan.summed.length - 1]!.extent < 8)
    ) {
      const packed = panelLoops(t, plan, n, scratch);
      return packed ?? tiledLoops(t, plan, n, undefined);
    }
    if (k !== undefined) return sumVectorLoops(t, plan, k);
    if (n !== undefined) return tiledLoops(t, plan, n, undefined);
    const packed = transposedPanel(t, plan, scratch);
    if (packed !== undefined) return packed;
  }
  return tiledLoops(t, plan, undefined, undefined);
}

/** Merges axes on both sides. */
function normalize(t: ExprTable, c: Contraction): Contraction {
  const exprs = [...c.accumulators.map((a) => a.next), ...c.stores.map((s) => s.value)];
  const indices = indicesOf(
    exprs,
    c.stores.map((s) => s.index),
  );
  const outer = coalesce(t, c.outputs, indices);
  const inner = coalesce(t, c.summed, indicesOf(c.accumulators.map((a) => a.next)));
  const expr = (e: Expr): Expr => inner.expr(outer.expr(e));
  return {
    outputs: outer.variables,
    summed: inner.variables,
    accumulators: c.accumulators.map((a) => ({ ...a, next: expr(a.next) })),
    factors: c.factors === undefined ? undefined : [expr(c.factors[0]), expr(c.factors[1])],
    combine: c.combine,
    stores: c.stores.map((s) => ({
      buffer: s.buffer,
      index: outer.index(s.index),
      value: outer.expr(s.value),
    })),
  };
}

function emptySum(t: ExprTable, c: Contraction): Stmt[] {
  const begin = new Map(c.accumulators.map((a) => [a.register, a.begin]));
  const { expr } = rewriter(t, { registers: begin });
  return loopsAround(
    c.outputs,
    storeAll(
      t,
      c.stores.map((s) => ({ ...s, value: expr(s.value) })),
    ),
    true,
  );
}

/** Loads of an expression with a variable's coefficient in each. */
function loadCoefficients(e: Expr, v: LoopVar): (number | undefined)[] {
  const out: (number | undefined)[] = [];
  visit(e, {
    expr(x) {
      if (x.kind === "load") out.push(indexUses(x.index, v) ? coefficient(x.index, v) : 0);
    },
  });
  return out;
}

const smooth = (coef: number | undefined): boolean => coef === 0 || coef === 1;

/** The last output variable if whole vectors of it can be computed and written. */
function outputVector(c: Contraction): LoopVar | undefined {
  const candidates = [...c.outputs].reverse().filter((v) => v.extent >= vectorLanes);
  return candidates.find((v) => {
    if (!c.stores.every((s) => coefficient(s.index, v) === 1)) return false;
    return c.accumulators.every((a) => loadCoefficients(a.next, v).every(smooth));
  });
}

/** The summed variable if it can be summed in lanes. */
function sumVector(c: Contraction): LoopVar | undefined {
  const v = c.summed[c.summed.length - 1];
  if (v === undefined || v.extent < vectorLanes || c.combine === undefined || c.accumulators.length !== 1)
    return undefined;
  return loadCoefficients(c.accumulators[0]!.next, v).every(smooth) ? v : undefined;
}

/** The outputs that share what depends on the vector axis: rows of a tile. */
function rowVariable(c: Contraction, n: LoopVar | undefined): LoopVar | undefined {
  if (c.factors === undefined) return undefined;
  const others = c.outputs.filter((v) => v !== n).reverse();
  return others.find((v) => c.factors!.some((f) => !uses(f, v)));
}

/** One accumulator tile: rows × columns, where a column is a vector or a scalar. */
interface Tile {
  readonly rows: number;
  readonly vectors: number;
  readonly lanes: number;
  /** Valid lanes of the last column, if it is not whole. */
  readonly partial: number;
}

/** Replaces an operand inside of the terms, for packed panels. */
type Operand = (column: number, lanes: number) => Expr;

/**
 * The statements for one tile at the present values of the loop variables.
 *
 * @param row the variable of the rows, @param column that of the columns; the tile covers the next ones of each
 */
function tileBody(
  t: ExprTable,
  c: Contraction,
  tile: Tile,
  row: LoopVar | undefined,
  column: LoopVar | undefined,
  panel?: { readonly factor: number; readonly operand: Operand },
): Stmt[] {
  const cells = Array.from({ length: tile.rows * tile.vectors }, (_, i) => {
    const [r, j] = [Math.floor(i / tile.vectors), i % tile.vectors];
    const registers = new Map(
      c.accumulators.map((a) => [a.register, t.register(a.register.type, tile.lanes)]),
    );
    return { r, j, registers };
  });
  const move = (r: number, j: number): ReadonlyMap<LoopVar, Index> => {
    const out = new Map<LoopVar, Index>();
    if (row !== undefined) out.set(row, t.index.addConstant(t.index.variable(row), r));
    if (column !== undefined) out.set(column, t.index.addConstant(t.index.variable(column), j * tile.lanes));
    return out;
  };
  // The variables first: what depends on the columns is then widened together with the accumulators.
  const widen = (
    e: Expr,
    variables: ReadonlyMap<LoopVar, Index>,
    registers?: ReadonlyMap<Register, Expr>,
  ): Expr => {
    const moved = rewriter(t, { variables }).expr(e);
    if (column !== undefined) return vectorize(t, moved, column, tile.lanes, registers);
    return rewriter(t, { registers: registers ?? new Map() }).expr(moved);
  };
  const begin = cells.flatMap(({ registers }) =>
    c.accumulators.map((a): Stmt => {
      return { kind: "set", register: registers.get(a.register)!, value: t.splat(a.begin, tile.lanes) };
    }),
  );
  const step = cells.flatMap(({ r, j, registers }) => {
    const variables = move(r, j);
    const values = c.accumulators.map((a) => {
      const own = new Map([...registers].map(([from, to]) => [from, t.reg(to)]));
      if (panel === undefined || c.factors === undefined) return widen(a.next, variables, own);
      const other = widen(c.factors[1 - panel.factor]!, variables);
      return product(t, other, panel.operand(j, tile.lanes), t.reg(registers.get(a.register)!));
    });
    return assignAll(
      t,
      c.accumulators.map((a) => registers.get(a.register)!),
      values,
    );
  });
  const summed = loopsAround(c.summed, step);
  const end = cells.flatMap(({ r, j, registers }) => {
    const whole = tile.partial === 0 || j < tile.vectors - 1;
    if (whole) {
      const own = new Map([...registers].map(([from, to]) => [from, t.reg(to)]));
      const variables = move(r, j);
      const { index } = rewriter(t, { variables });
      return storeAll(
        t,
        c.stores.map((s) => ({
          buffer: s.buffer,
          index: index(s.index),
          value: widen(s.value, variables, own),
        })),
      );
    }
    return Array.from({ length: tile.partial }, (_, lane) => {
      const own = new Map([...registers].map(([from, to]) => [from, t.extract(t.reg(to), lane)]));
      const variables = new Map(move(r, j));
      variables.set(column!, t.index.addConstant(variables.get(column!)!, lane));
      const { expr, index } = rewriter(t, { variables, registers: own });
      return storeAll(
        t,
        c.stores.map((s) => ({ buffer: s.buffer, index: index(s.index), value: expr(s.value) })),
      );
    }).flat();
  });
  return [...begin, ...summed, ...end];
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
function cover(
  extent: number,
  size: number,
  body: (size: number) => Stmt[],
  v: LoopVar,
  parallel: boolean,
): Stmt[] {
  const main = extent - (extent % size);
  return [
    ...forLoop(v, 0, main, size, main > 0 ? body(size) : [], parallel),
    ...forLoop(v, main, extent, extent, extent > main ? body(extent - main) : []),
  ];
}

/** Register tiles straight on the operands. */
function tiledLoops(t: ExprTable, c: Contraction, n: LoopVar | undefined, rows: LoopVar | undefined): Stmt[] {
  const row = rows ?? rowVariable(c, n);
  const outer = c.outputs.filter((v) => v !== n && v !== row);
  const heights = row === undefined ? 1 : tileRows;
  const inRow = (height: number): Stmt[] => {
    if (n === undefined)
      return tileBody(t, c, { rows: height, vectors: 1, lanes: 1, partial: 0 }, row, undefined);
    // Without rows that share loads there is room for more columns, which use whole cache lines.
    const vectors = row === undefined ? 4 : tileVectors;
    const width = vectors * vectorLanes;
    const main = n.extent - (n.extent % width);
    const rest = n.extent - main;
    const whole = Math.floor(rest / vectorLanes);
    const scalars = rest % vectorLanes;
    const edge = main + whole * vectorLanes;
    const body = (v: number, lanes: number): Stmt[] =>
      tileBody(t, c, { rows: height, vectors: v, lanes, partial: 0 }, row, n);
    return [
      ...forLoop(n, 0, main, width, main > 0 ? body(vectors, vectorLanes) : []),
      ...forLoop(n, main, edge, n.extent, whole > 0 ? body(whole, vectorLanes) : []),
      ...forLoop(n, edge, n.extent, n.extent, scalars > 0 ? body(scalars, 1) : []),
    ];
  };
  const loops = row === undefined ? inRow(1) : cover(row.extent, heights, inRow, row, outer.length === 0);
  return loopsAround(outer, loops, true);
}

/** Sums in lanes: for dot products of rows with rows. */
function sumVectorLoops(t: ExprTable, c: Contraction, k: LoopVar): Stmt[] {
  const [acc] = c.accumulators;
  const combine = c.combine!;
  const row = rowVariable(c, undefined);
  const outer = c.outputs.filter((v) => v !== row);
  const outerSums = c.summed.filter((v) => v !== k);
  const main = k.extent - (k.extent % vectorLanes);
  const body = (height: number): Stmt[] => {
    // One row alone hides the latency of additions behind several partial sums.
    const chains = height === 1 ? Math.max(1, Math.min(4, Math.floor(main / vectorLanes / 2))) : 1;
    const stride = chains * vectorLanes;
    const bulk = main - (main % stride);
    const cells = Array.from({ length: height }, (_, r) => ({
      r,
      wide: Array.from({ length: chains }, () => t.register(acc!.register.type, vectorLanes)),
      sum: t.register(acc!.register.type),
    }));
    const at = (r: number, chain: number): ReadonlyMap<LoopVar, Index> => {
      const out = new Map<LoopVar, Index>([
        [k, t.index.addConstant(t.index.variable(k), chain * vectorLanes)],
      ]);
      if (row !== undefined) out.set(row, t.index.addConstant(t.index.variable(row), r));
      return out;
    };
    const term = (r: number, chain: number, into: Register, lanes: number): Stmt => {
      const registers = new Map([[acc!.register, t.reg(into)]]);
      const moved = rewriter(t, { variables: at(r, chain) }).expr(acc!.next);
      return { kind: "set", register: into, value: vectorize(t, moved, k, lanes, registers) };
    };
    const begin = cells.flatMap(({ wide, sum }): Stmt[] => [
      ...wide.map((register): Stmt => ({ kind: "set", register, value: t.splat(acc!.begin, vectorLanes) })),
      { kind: "set", register: sum, value: acc!.begin },
    ]);
    const rounds = [
      ...forLoop(
        k,
        0,
        bulk,
        stride,
        cells.flatMap(({ r, wide }) => wide.map((w, i) => term(r, i, w, vectorLanes))),
      ),
      ...forLoop(
        k,
        bulk,
        main,
        vectorLanes,
        cells.map(({ r, wide }) => term(r, 0, wide[0]!, vectorLanes)),
      ),
      ...forLoop(
        k,
        main,
        k.extent,
        1,
        cells.map(({ r, sum }) => term(r, 0, sum, 1)),
      ),
    ];
    const end = cells.flatMap(({ r, wide, sum }): Stmt[] => {
      const lanesOf = wide.map((w) => t.reg(w)).reduce(combine);
      const lane = (i: number): Expr => t.extract(lanesOf, i);
      const folded = combine(combine(lane(0), lane(1)), combine(lane(2), lane(3)));
      const total = combine(folded, t.reg(sum));
      const registers = new Map([[acc!.register, total]]);
      const { expr, index } = rewriter(t, { variables: at(r, 0), registers });
      return storeAll(
        t,
        c.stores.map((s) => ({ buffer: s.buffer, index: index(s.index), value: expr(s.value) })),
      );
    });
    return [...begin, ...loopsAround(outerSums, rounds), ...end];
  };
  const loops = row === undefined ? body(1) : cover(row.extent, tileRows, body, row, outer.length === 0);
  return loopsAround(outer, loops, true);
}

/** Packed panels when the right side can be read in vectors already. */
function panelLoops(t: ExprTable, c: Contraction, n: LoopVar, scratch: Scratch): Stmt[] | undefined {
  const row = rowVariable(c, n);
  if (c.factors === undefined || row === undefined || row.extent < packRows || sumExtent(c) < packSum)
    return undefined;
  return packedPanels(t, c, n, row, scratch);
}

/** Packed panels when it cannot: the copy turns it. */
function transposedPanel(t: ExprTable, c: Contraction, scratch: Scratch): Stmt[] | undefined {
  if (c.factors === undefined || c.accumulators.length !== 1) return undefined;
  const n = [...c.outputs]
    .reverse()
    .find((v) => v.extent >= vectorLanes && c.stores.every((s) => coefficient(s.index, v) === 1));
  if (n === undefined) return undefined;
  const row = rowVariable(c, n);
  if (row === undefined || row.extent < 4) return undefined;
  return packedPanels(t, c, n, row, scratch);
}

function sumExtent(c: Contraction): number {
  return c.summed.reduce((size, v) => size * v.extent, 1);
}

/**
 * For each panel of columns: copy the right side's part into memory in the order of the inner loop, then run the tiles of
 * all rows over it while it is in the first cache.
 */
function packedPanels(
  t: ExprTable,
  c: Contraction,
  n: LoopVar,
  row: LoopVar,
  scratch: Scratch,
): Stmt[] | undefined {
  const factor = c.factors!.findIndex((f) => uses(f, n) && !uses(f, row));
  if (factor < 0 || uses(c.factors![1 - factor]!, n)) return undefined;
  const right = c.factors![factor]!;
  const outer = c.outputs.filter((v) => v !== n && v !== row);
  const panelWidth = tileVectors * vectorLanes;
  const buffer = scratch(sumExtent(c) * panelWidth);
  // The place of a term in its panel.
  let place = t.index.constant(0);
  for (const v of c.summed) place = t.index.add(t.index.mul(place, v.extent), t.index.variable(v));

  const panel = (columns: number): Stmt[] => {
    const vectors = Math.ceil(columns / vectorLanes);
    const width = vectors * vectorLanes;
    const base = t.index.mul(place, width);
    const copy = Array.from({ length: vectors }, (_, j): Stmt => {
      const first = t.index.addConstant(t.index.variable(n), j * vectorLanes);
      const valid = Math.min(vectorLanes, columns - j * vectorLanes);
      const whole = rewriter(t, { variables: new Map([[n, first]]) }).expr(right);
      const lanes = Array.from({ length: vectorLanes }, (_, lane) => {
        if (lane >= valid) return t.const(right.type, 0);
        const at = t.index.addConstant(first, lane);
        return rewriter(t, { variables: new Map([[n, at]]) }).expr(right);
      });
      const value = valid === vectorLanes ? vectorize(t, whole, n, vectorLanes) : t.pack(lanes);
      return { kind: "store", buffer, index: t.index.addConstant(base, j * vectorLanes), value };
    });
    const operand: Operand = (j, lanes) => t.load(buffer, t.index.addConstant(base, j * vectorLanes), lanes);
    const tiles = (height: number): Stmt[] => {
      const tile = { rows: height, vectors, lanes: vectorLanes, partial: columns % vectorLanes };
      return tileBody(t, c, tile, row, n, { factor, operand });
    };
    return [...loopsAround(c.summed, copy), ...cover(row.extent, tileRows, tiles, row, false)];
  };
  return loopsAround(outer, cover(n.extent, panelWidth, panel, n, outer.length === 0), true);
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
