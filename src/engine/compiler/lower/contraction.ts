/** Kernels that accumulate, reductions and contractions: which loops serve them best. */
import {
  type Expr,
  type ExprTable,
  type Index,
  type LoopVar,
  loopVar,
  type Stmt,
  tileShape,
} from "../loop_ir/index.ts";
import { coefficient, rewriter, uses, vectorize } from "../loop_ir/transform.ts";
import { coalesce, forLoop, indicesOf, loopsAround, scalarOnly, storeAll, vectorLanes } from "./nest.ts";
import { panelElements, panelLoops, transposedPanel } from "./panels.ts";
import { streamedSums } from "./streams.ts";
import {
  type Contraction,
  cover,
  loadCoefficients,
  longEpilogue,
  operations,
  rowVariable,
  type Scratch,
  sumExtent,
  tileBody,
} from "./tile.ts";

/** Rows and vectors of tiles that read their operands where they lie. */
const tileRows = 4;
const tileVectors = 2;
/** Below this many terms, sums in lanes do not pay if there is another way. */
const shortSum = 32;
/** Of longer sums about so many terms take as long to add up in lanes as one row makes turning the right side worth it. */
const termsPerRow = 3;
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
      return panelLoops(t, plan, n, scratch) ?? columnLoops(t, plan, n, scratch);
    }
    if (n !== undefined && k === undefined) return columnLoops(t, plan, n, scratch);
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

/** Columns side by side whose terms are read where they lie. */
function columnLoops(t: ExprTable, c: Contraction, n: LoopVar, scratch: Scratch): Stmt[] {
  const alone = rowVariable(c, n) === undefined;
  return (alone ? streamedSums(t, c, n, scratch) : undefined) ?? tiledLoops(t, c, n);
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
