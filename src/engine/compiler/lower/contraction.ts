/**
 * Kernels that accumulate: reductions and contractions, as loops over a register tile of outputs. Where both sides of a
 * product are read many times, the right side is packed into panels that the inner loop reads in order.
 */
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
  tileShape,
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

/** Rows and vectors of tiles that read their operands where they lie. */
const tileRows = 4;
const tileVectors = 2;
/** From this many rows on, copying the right side into panels pays. */
const packRows = 8;
const packSum = 16;
/** Below this many terms, sums in lanes do not pay if there is another way. */
const shortSum = 32;
/** Of longer sums about so many terms take as long to add up in lanes as one row makes turning the right side worth it. */
const termsPerRow = 3;
/** Sums of up to so many terms are written out. */
const writtenOut = 9;
/** From so many terms on it pays to ask whether they are all zero. */
const worthAsking = 16;
/** Elements of the right side that are packed at a time: 384 KiB of float32. */
export const panelElements: number = 98304;
/** Elements of the left side that stay in the first cache: 16 KiB of float32. */
const blockElements = 4096;
/** Into up to so many panels rows are copied at once: as many ways as the first cache has. */
const rowPanels = 12;
/** Elements of a line of the cache. */
const lineElements = 16;
/** An epilogue of more operations than this is written once for all rows of a tile, which go through memory. */
const longEpilogue = 12;

export function contractionLoops(t: ExprTable, c: Contraction, scratch: Scratch): Stmt[] {
  if (c.outputs.some((v) => v.extent === 0)) return [];
  const plan = normalize(t, { ...c, guards: [] });
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
      return packed ?? tiledLoops(t, plan, n);
    }
    if (n !== undefined && k === undefined) return tiledLoops(t, plan, n);
    // Sums in lanes end with adding lanes up, and what follows is done for one element at a time. Turning the right side
    // costs less if there are rows enough that read it.
    const long = operations(plan.stores.map((s) => s.value)) > longEpilogue;
    const terms = sumExtent(plan);
    const rows = k === undefined || long || terms < shortSum ? 1 : terms / termsPerRow;
    const turned = transposedPanel(t, plan, rows, scratch);
    if (turned !== undefined) return turned;
    if (k !== undefined) return sumVectorLoops(t, plan, k);
  }
  return tiledLoops(t, plan, undefined);
}

/** Merges axes on both sides. */
export function normalize(t: ExprTable, c: Contraction): Contraction {
  const guards = c.guards ?? [];
  const exprs = [...c.accumulators.map((a) => a.next), ...c.stores.map((s) => s.value), ...guards];
  const indices = indicesOf(
    exprs,
    c.stores.map((s) => s.index),
  );
  const outer = coalesce(t, c.outputs, indices);
  const inner = coalesce(t, c.summed, indicesOf([...c.accumulators.map((a) => a.next), ...guards]));
  const expr = (e: Expr): Expr => inner.expr(outer.expr(e));
  return {
    outputs: outer.variables,
    summed: inner.variables,
    accumulators: c.accumulators.map((a) => ({ ...a, next: expr(a.next) })),
    factors: c.factors === undefined ? undefined : [expr(c.factors[0]), expr(c.factors[1])],
    guards: guards.map(expr),
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
export function loadCoefficients(e: Expr, v: LoopVar): (number | undefined)[] {
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

  const begin = cells.flatMap(({ own }) =>
    own.map((register, i): Stmt => {
      return { kind: "set", register, value: t.splat(c.accumulators[i]!.begin, lanes) };
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
function operations(values: readonly Expr[]): number {
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

/** Register tiles straight on the operands. */
function tiledLoops(t: ExprTable, c: Contraction, n: LoopVar | undefined): Stmt[] {
  const row = rowVariable(c, n);
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
      ...forLoop(n, 0, main, width, main > 0 ? body(vectors, vectorLanes) : [], true),
      ...forLoop(n, main, edge, n.extent, whole > 0 ? body(whole, vectorLanes) : [], true),
      ...forLoop(n, edge, n.extent, n.extent, scalars > 0 ? body(scalars, 1) : [], true),
    ];
  };
  const loops = row === undefined ? inRow(1) : cover(row.extent, heights, inRow, row, true);
  return loopsAround(outer, loops, true);
}

/** Sums in lanes: for dot products of rows with rows. */
function sumVectorLoops(t: ExprTable, c: Contraction, k: LoopVar): Stmt[] {
  const row = rowVariable(c, undefined);
  const column = c.factors && c.outputs.findLast((v) => v !== row && c.factors!.some((f) => !uses(f, v)));
  const outer = c.outputs.filter((v) => v !== row && v !== column);
  const tile = (height: number, width: number): Stmt[] => sumVectorTile(t, c, k, row, column, height, width);
  const shape =
    column === undefined
      ? { rows: tileRows, vectors: 1 }
      : tileShape(t.target, row?.extent ?? 1, column.extent);
  const rows = (width: (height: number) => Stmt[]): Stmt[] => {
    return row === undefined ? width(1) : cover(row.extent, shape.rows, width, row, true);
  };
  if (column === undefined)
    return loopsAround(
      outer,
      rows((height) => tile(height, 1)),
      true,
    );
  // As many columns at a time as stay in the second cache while all rows pass over them.
  const across = shape.vectors;
  const chunk = across * Math.max(1, Math.floor(panelElements / sumExtent(c) / across));
  if (chunk >= column.extent) {
    return loopsAround(
      outer,
      rows((height) => cover(column.extent, across, (width) => tile(height, width), column, true)),
      true,
    );
  }
  const first = loopVar(column.extent, "c");
  const inside = loopVar(chunk, "p");
  const at = t.index.add(t.index.variable(first), t.index.variable(inside));
  const { expr, index } = rewriter(t, { variables: new Map([[column, at]]) });
  const moved: Contraction = {
    ...c,
    outputs: c.outputs.map((v) => (v === column ? inside : v)),
    accumulators: c.accumulators.map((a) => ({ ...a, next: expr(a.next) })),
    stores: c.stores.map((s) => ({ buffer: s.buffer, index: index(s.index), value: expr(s.value) })),
  };
  const inChunk = (size: number): Stmt[] =>
    rows((height) =>
      cover(size, across, (width) => sumVectorTile(t, moved, k, row, inside, height, width), inside, true),
    );
  return loopsAround(outer, cover(column.extent, chunk, inChunk, first, true), true);
}

/** One tile of rows × columns, each summed in lanes along k. */
function sumVectorTile(
  t: ExprTable,
  c: Contraction,
  k: LoopVar,
  row: LoopVar | undefined,
  column: LoopVar | undefined,
  height: number,
  width: number,
): Stmt[] {
  const [acc] = c.accumulators;
  const combine = c.combine!;
  const main = k.extent - (k.extent % vectorLanes);
  // One cell alone hides the latency of additions behind several partial sums.
  const chains = height * width === 1 ? Math.max(1, Math.min(4, Math.floor(main / vectorLanes / 2))) : 1;
  const stride = chains * vectorLanes;
  const bulk = main - (main % stride);
  const cells = Array.from({ length: height * width }, (_, i) => ({
    r: Math.floor(i / width),
    j: i % width,
    wide: Array.from({ length: chains }, () => t.register(acc!.register.type, vectorLanes)),
    sum: t.register(acc!.register.type),
  }));
  type Cell = (typeof cells)[number];
  const at = ({ r, j }: Cell, chain: number): ReadonlyMap<LoopVar, Index> => {
    const out = new Map<LoopVar, Index>([[k, t.index.addConstant(t.index.variable(k), chain * vectorLanes)]]);
    if (row !== undefined) out.set(row, t.index.addConstant(t.index.variable(row), r));
    if (column !== undefined) out.set(column, t.index.addConstant(t.index.variable(column), j));
    return out;
  };
  const stand = t.register(acc!.register.type, vectorLanes);
  const widened = vectorize(t, acc!.next, k, vectorLanes, new Map([[acc!.register, t.reg(stand)]]));
  const wideTerm = (cell: Cell, chain: number): Stmt => {
    const register = cell.wide[chain]!;
    const { expr } = rewriter(t, {
      variables: at(cell, chain),
      registers: new Map([[stand, t.reg(register)]]),
    });
    return { kind: "set", register, value: expr(widened) };
  };
  const lastTerm = (cell: Cell): Stmt => {
    const registers = new Map([[acc!.register, t.reg(cell.sum)]]);
    const { expr } = rewriter(t, { variables: at(cell, 0), registers });
    return { kind: "set", register: cell.sum, value: expr(acc!.next) };
  };
  const begin = cells.flatMap(({ wide, sum }): Stmt[] => [
    ...wide.map((register): Stmt => ({ kind: "set", register, value: t.splat(acc!.begin, vectorLanes) })),
    { kind: "set", register: sum, value: acc!.begin },
  ]);
  const rounds = [
    ...(bulk > 0
      ? forLoop(
          k,
          0,
          bulk,
          stride,
          cells.flatMap((cell) => cell.wide.map((_, chain) => wideTerm(cell, chain))),
        )
      : []),
    ...(main > bulk
      ? forLoop(
          k,
          bulk,
          main,
          vectorLanes,
          cells.map((cell) => wideTerm(cell, 0)),
        )
      : []),
    ...(k.extent > main ? forLoop(k, main, k.extent, 1, cells.map(lastTerm)) : []),
  ];
  const end = cells.flatMap((cell): Stmt[] => {
    const lanes = cell.wide.map((w) => t.reg(w)).reduce(combine);
    const lane = (i: number): Expr => t.extract(lanes, i);
    const folded = combine(combine(lane(0), lane(1)), combine(lane(2), lane(3)));
    const registers = new Map([[acc!.register, combine(folded, t.reg(cell.sum))]]);
    const { expr, index } = rewriter(t, { variables: at(cell, 0), registers });
    return storeAll(
      t,
      c.stores.map((s) => ({ buffer: s.buffer, index: index(s.index), value: expr(s.value) })),
    );
  });
  return [
    ...begin,
    ...loopsAround(
      c.summed.filter((v) => v !== k),
      rounds,
    ),
    ...end,
  ];
}

/** Packed panels when the right side can be read in vectors already. */
function panelLoops(t: ExprTable, c: Contraction, n: LoopVar, scratch: Scratch): Stmt[] | undefined {
  const row = rowVariable(c, n);
  if (c.factors === undefined || row === undefined || row.extent < packRows || sumExtent(c) < packSum)
    return undefined;
  return packedPanels(t, c, n, row, scratch);
}

/** Packed panels when it cannot: the copy turns it, if at least so many rows read what it makes. */
function transposedPanel(t: ExprTable, c: Contraction, rows: number, scratch: Scratch): Stmt[] | undefined {
  if (c.factors === undefined || c.accumulators.length !== 1) return undefined;
  const n = [...c.outputs]
    .reverse()
    .find((v) => v.extent >= vectorLanes && c.stores.every((s) => coefficient(s.index, v) === 1));
  if (n === undefined) return undefined;
  const row = rowVariable(c, n);
  if (row === undefined || row.extent < Math.max(4, rows)) return undefined;
  return packedPanels(t, c, n, row, scratch);
}

export function sumExtent(c: Contraction): number {
  return c.summed.reduce((size, v) => size * v.extent, 1);
}

/**
 * Copies the right side into panels, as many at a time as fit into the second cache, in the order in which the inner
 * loop reads them; then runs the tiles of all rows over these panels. Blocks of rows go outermost: the left side's rows
 * and one panel stay in the first cache, and what the epilogue reads and writes is walked through along whole rows.
 */
function packedPanels(
  t: ExprTable,
  given: Contraction,
  n: LoopVar,
  row: LoopVar,
  scratch: Scratch,
): Stmt[] | undefined {
  const factor = given.factors!.findIndex((f) => uses(f, n) && !uses(f, row));
  if (factor < 0 || uses(given.factors![1 - factor]!, n)) return undefined;
  const shape = tileShape(t.target, row.extent, Math.ceil(n.extent / vectorLanes));
  const width = shape.vectors * vectorLanes;
  const depth = sumExtent(given);
  const fitting = Math.floor(panelElements / (depth * width));
  const chunk =
    fitting * width >= n.extent
      ? Math.ceil(n.extent / width) * width
      : wholeTiles(n.extent, width, fitting, 0.6, 1.15);
  const turns = walksFar(given, given.factors![1 - factor]!);
  const block = turns
    ? wholeTiles(row.extent, shape.rows, Math.ceil(lineElements / shape.rows), 1, 2)
    : wholeTiles(row.extent, shape.rows, Math.floor(blockElements / (depth * shape.rows)), 0.5, 1);
  // The column is the first of the chunk plus that of the panel in it; so it is with rows.
  const first = loopVar(n.extent, "c");
  const panel = loopVar(chunk, "p");
  const column = t.index.add(t.index.variable(first), t.index.variable(panel));
  const firstRow = loopVar(row.extent, "b");
  const inside = loopVar(block, "r");
  const at = t.index.add(t.index.variable(firstRow), t.index.variable(inside));
  const { expr, index } = rewriter(t, {
    variables: new Map([
      [n, column],
      [row, at],
    ]),
  });
  const c: Contraction = {
    ...given,
    accumulators: given.accumulators.map((a) => ({ ...a, next: expr(a.next) })),
    factors: [expr(given.factors![0]), expr(given.factors![1])],
    stores: given.stores.map((s) => ({ buffer: s.buffer, index: index(s.index), value: expr(s.value) })),
  };
  const right = c.factors![factor]!;
  const outer = c.outputs.filter((v) => v !== n && v !== row);
  const buffer = scratch(depth * chunk, right.type);
  let place = t.index.constant(0);
  for (const v of c.summed) place = t.index.add(t.index.mul(place, v.extent), t.index.variable(v));
  /** Where the n-th column's vector of a term lies in the panel that begins at `panel`. */
  const inPanel = (columns: number, vector: number): Index => {
    const lanes = Math.ceil(columns / vectorLanes) * vectorLanes;
    const start = t.index.mul(t.index.variable(panel), depth);
    return t.index.addConstant(t.index.add(start, t.index.mul(place, lanes)), vector * vectorLanes);
  };
  const vectorsOf = (columns: number): number[] =>
    Array.from({ length: Math.ceil(columns / vectorLanes) }, (_, j) => j);
  const copy = (columns: number): Stmt[] => {
    return vectorsOf(columns).map((j): Stmt => {
      const valid = Math.min(vectorLanes, columns - j * vectorLanes);
      const at = (lane: number): Expr => {
        const moved = t.index.addConstant(t.index.variable(panel), j * vectorLanes + lane);
        return rewriter(t, { variables: new Map([[panel, moved]]) }).expr(right);
      };
      const lanes = (): Expr[] => {
        return Array.from({ length: vectorLanes }, (_, lane) =>
          lane < valid ? at(lane) : t.const(right.type, 0),
        );
      };
      const value = valid === vectorLanes ? vectorize(t, at(0), panel, vectorLanes) : t.pack(lanes());
      return { kind: "store", buffer, index: inPanel(columns, j), value };
    });
  };
  const left = turns
    ? leftRows(t, c, c.factors![1 - factor]!, inside, place, shape.rows, block, scratch)
    : undefined;
  const tiles = (height: number, columns: number): Stmt[] => {
    const operand: Operand = (j, lanes) => t.load(buffer, inPanel(columns, j), lanes);
    const tile = {
      rows: height,
      vectors: vectorsOf(columns).length,
      lanes: vectorLanes,
      partial: columns % vectorLanes,
    };
    const rows = left && { left: (r: number) => left.element(height, r) };
    return tileBody(t, c, tile, inside, panel, { factor, operand, scratch, ...rows });
  };
  const inBlock = (rows: number, size: number): Stmt[] => {
    const inPanel = (columns: number): Stmt[] =>
      cover(rows, shape.rows, (height) => tiles(height, columns), inside, true);
    return [...(left?.copy(rows) ?? []), ...cover(size, width, inPanel, panel, true)];
  };
  // Where the columns lie side by side they are copied row by row, so that each line of memory is read once, unless there
  // are so many panels that the lines they are written to push each other out of the first cache.
  const inOrder = chunk <= rowPanels * width && loadCoefficients(right, panel).every((s) => s === 1);
  const copyAll = (size: number): Stmt[] =>
    inOrder
      ? loopsAround(c.summed, cover(size, width, copy, panel, false))
      : cover(size, width, (columns) => loopsAround(c.summed, copy(columns)), panel, false);
  const inChunk = (size: number): Stmt[] => [
    ...copyAll(size),
    ...cover(row.extent, block, (rows) => inBlock(rows, size), firstRow, true),
  ];
  return loopsAround(outer, cover(n.extent, chunk, inChunk, first, true), true);
}

/**
 * About as many rows, or columns, as so many tiles have: if possible a number that divides those of all whole tiles, since
 * a rest has code of its own.
 *
 * @param size of a tile
 * @param least and most: between which multiples of `wanted` it may lie
 */
function wholeTiles(extent: number, size: number, wanted: number, least: number, most: number): number {
  const tiles = Math.floor(extent / size);
  const near = Math.max(1, Math.min(wanted, tiles));
  const even = Array.from({ length: Math.floor(near * most) }, (_, i) => i + 1)
    .filter((some) => some >= near * least && tiles % some === 0)
    .sort((a, b) => Math.abs(a - near) - Math.abs(b - near));
  return (even[0] ?? near) * size;
}

/** Whether an operand is walked through in large steps, each of which would touch another page. */
function walksFar(c: Contraction, operand: Expr): boolean {
  const inner = c.summed.at(-1);
  const steps = inner === undefined ? [] : loadCoefficients(operand, inner);
  return (
    operand.kind === "load" &&
    operand.type !== "bool" &&
    steps.some((s) => s === undefined || Math.abs(s) > 4)
  );
}

/** The left side for a block of rows, copied so that for each tile its elements lie in the order of use. */
function leftRows(
  t: ExprTable,
  c: Contraction,
  left: Expr,
  row: LoopVar,
  place: Index,
  rows: number,
  block: number,
  scratch: Scratch,
): { copy: (size: number) => Stmt[]; element: (height: number, row: number) => Expr } {
  const depth = sumExtent(c);
  const buffer = scratch(depth * block, left.type);
  const at = (height: number, r: number): Index => {
    const start = t.index.mul(t.index.variable(row), depth);
    return t.index.addConstant(t.index.add(start, t.index.mul(place, height)), r);
  };
  const moved = (r: number): Expr => {
    const to = t.index.addConstant(t.index.variable(row), r);
    return rewriter(t, { variables: new Map([[row, to]]) }).expr(left);
  };
  const vectors = loadCoefficients(left, row).every((s) => s === 1);
  const tile = (height: number): Stmt[] => {
    if (!vectors || height < vectorLanes) {
      return Array.from({ length: height }, (_, r): Stmt => {
        return { kind: "store", buffer, index: at(height, r), value: moved(r) };
      });
    }
    // The last vector copies some elements once more rather than one by one.
    return Array.from({ length: Math.ceil(height / vectorLanes) }, (_, j): Stmt => {
      const r = Math.min(j * vectorLanes, height - vectorLanes);
      return { kind: "store", buffer, index: at(height, r), value: vectorize(t, moved(r), row, vectorLanes) };
    });
  };
  return {
    // Of a line of the cache all elements are taken before it is forgotten.
    copy: (size) => loopsAround(c.summed, cover(size, rows, tile, row, false)),
    element: (height, r) => t.load(buffer, at(height, r)),
  };
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
