/**
 * Kernels of convolutions, as products of matrices whose left side is never made: its element for a place of the result
 * and a place in the window is read where it lies in the array. The kernel side is packed into panels, vectors of which
 * lie one behind the other as the inner loop reads them; a tile is some places of the result by some vectors of features.
 */
import {
  type Expr,
  type ExprTable,
  type Index,
  type LoopVar,
  loopVar,
  type Stmt,
  type TileShape,
  tileShape,
} from "../loop_ir/index.ts";
import { coefficient, rewriter, uses, vectorize } from "../loop_ir/transform.ts";
import { contractionLoops, normalize } from "./contraction.ts";
import { elementwiseLoops, forLoop, loopsAround, scalarOnly, serial, vectorLanes } from "./nest.ts";
import { panelElements } from "./panels.ts";
import {
  type Contraction,
  cover,
  evenPart,
  loadCoefficients,
  type Operand,
  product,
  type Scratch,
  sumExtent,
  sumLoops,
  tileBody,
} from "./tile.ts";

/** A convolution with a part for each variable. */
interface Plan {
  readonly c: Contraction;
  /** The side that is packed, and the other one. */
  readonly right: Expr;
  readonly left: Expr;
  readonly factor: number;
  /** The axis of the vectors: features of the result. Only the right side moves along it. */
  readonly column: LoopVar;
  /** Outputs along which only the left side moves. */
  readonly free: readonly LoopVar[];
  /** The free output that makes the rows of tiles. */
  readonly row: LoopVar | undefined;
  /** Outputs along which both sides move. */
  readonly shared: readonly LoopVar[];
  readonly shape: TileShape;
}

const widthOf = ({ shape }: Plan): number => shape.vectors * vectorLanes;
/** Into about so many pieces the outermost loop is cut: enough for threads, few enough to pack panels seldom. */
const pieces = 16;
/** So often each packed element should be used, if that leaves something to share out. */
const frequent = 192;
/** Below so many uses the right side is better read where it lies. */
const packUses = 16;
/** Terms of a piece of a long sum: a panel and the lines of a row of tiles stay in the first cache together. */
const pieceTerms = 256;
/** Columns at a time when sums are cut in pieces, and when the right side is read where it lies: whole cache lines. */
const widest = 128;
const lineColumns = 16;

/** Loops for a convolution, or whatever has such factors. */
export function convolutionLoops(t: ExprTable, given: Contraction, scratch: Scratch): Stmt[] {
  if (given.outputs.some((v) => v.extent === 0) || given.summed.some((v) => v.extent === 0))
    return contractionLoops(t, given, scratch);
  const plan = planOf(t, normalize(t, given));
  if (plan === undefined) return contractionLoops(t, given, scratch);
  const depth = sumExtent(plan.c);
  // A sum too long for one panel to stay in the second cache is cut, and its parts meet in memory.
  const loops = depth * widthOf(plan) > panelElements ? partialSums : wholeSums;
  return loops(t, plan, scratch);
}

function planOf(t: ExprTable, c: Contraction): Plan | undefined {
  if (c.factors === undefined || c.accumulators[0]!.register.type !== "float32") return undefined;
  if (scalarOnly([...c.accumulators.map((a) => a.next), ...c.stores.map((s) => s.value)])) return undefined;
  const [left, right] = c.factors;
  const column = c.outputs.findLast((v) => {
    return uses(right, v) && !uses(left, v) && c.stores.every((s) => coefficient(s.index, v) === 1);
  });
  if (column === undefined) return undefined;
  const others = c.outputs.filter((v) => v !== column);
  const free = others.filter((v) => !uses(right, v));
  // The array is walked through in the order in which it lies in memory.
  const step = (v: LoopVar): number => {
    return loadCoefficients(left, v).reduce((most: number, s) => Math.max(most, Math.abs(s ?? 0)), 0);
  };
  const summed = [...c.summed].sort((a, b) => step(b) - step(a));
  const vectors = Math.ceil(column.extent / vectorLanes);
  const efficiency = (v: LoopVar): number => {
    return (v.extent * vectors) / tileShape(t.target, v.extent, vectors).cost;
  };
  const row = rowOf(
    free.filter((v) => loadCoefficients(left, v).every((s) => s !== undefined)),
    step,
    efficiency,
  );
  const shape = tileShape(t.target, row?.extent ?? 1, vectors);
  const shared = others.filter((v) => uses(right, v));
  // What is zero in one row of a tile need not be zero in the next one.
  const guards = c.guards?.filter((g) => row === undefined || !uses(g, row)) ?? [];
  return { c: { ...c, summed, guards }, left, right, factor: 1, column, free, row, shared, shape };
}

/** The output whose tiles are soonest done; of about equal ones the one whose elements lie closest. */
function rowOf(
  candidates: readonly LoopVar[],
  step: (v: LoopVar) => number,
  use: (v: LoopVar) => number,
): LoopVar | undefined {
  let best: LoopVar | undefined;
  for (const v of [...candidates].sort((a, b) => step(a) - step(b))) {
    if (best === undefined || use(v) > 1.1 * use(best)) best = v;
  }
  return best;
}

/** A variable cut in two: where a part begins, and the place in the part. */
interface Cut {
  readonly first: LoopVar;
  readonly inside: LoopVar;
  readonly at: Index;
}

function cutVariable(t: ExprTable, v: LoopVar, size: number): Cut {
  const [first, inside] = [loopVar(v.extent, "c"), loopVar(size, "p")];
  return { first, inside, at: t.index.add(t.index.variable(first), t.index.variable(inside)) };
}

/** A plan in which indices stand for some of its variables. */
function substitute(t: ExprTable, plan: Plan, replace: ReadonlyMap<LoopVar, Cut>): Plan {
  const { expr, index } = rewriter(t, { variables: new Map([...replace].map(([v, cut]) => [v, cut.at])) });
  const inside = (v: LoopVar): LoopVar => replace.get(v)?.inside ?? v;
  const { c } = plan;
  const [left, right] = [expr(plan.left), expr(plan.right)];
  return {
    c: {
      ...c,
      outputs: c.outputs.map(inside),
      summed: c.summed.map(inside),
      accumulators: c.accumulators.map((a) => ({ ...a, next: expr(a.next) })),
      factors: [left, right],
      guards: c.guards?.map(expr) ?? [],
      stores: c.stores.map((s) => ({ buffer: s.buffer, index: index(s.index), value: expr(s.value) })),
    },
    left,
    right,
    factor: plan.factor,
    column: inside(plan.column),
    free: plan.free.map(inside),
    row: plan.row && inside(plan.row),
    shared: plan.shared,
    shape: plan.shape,
  };
}

/** The output whose parts threads may share out, if there is one besides the columns. */
function shareOf(plan: Plan, preferred: LoopVar | undefined): LoopVar | undefined {
  return plan.shared.length > 0 ? undefined : (preferred ?? plan.free[0]);
}

/**
 * Puts the outermost loops around: over what both sides share, or over parts of an output. All that a part needs, packed
 * panels too, is made inside, so that parts know nothing of each other.
 */
function inParts(
  t: ExprTable,
  plan: Plan,
  share: LoopVar | undefined,
  body: (plan: Plan, sizes: ReadonlyMap<LoopVar, number>) => Stmt[],
): Stmt[] {
  if (share === undefined) return loopsAround(plan.shared, serial(body(plan, new Map())), true);
  const uses = plan.free.reduce((n, v) => (v === share ? n : n * v.extent), 1);
  const most = Math.min(share.extent / 2, Math.max(share.extent / pieces, frequent / uses));
  const size = evenPart(share.extent, most, share === plan.row ? plan.shape.rows : 1);
  const cut = cutVariable(t, share, size);
  const inner = substitute(t, plan, new Map([[share, cut]]));
  return cover(share.extent, size, (n) => serial(body(inner, new Map([[cut.inside, n]]))), cut.first, true);
}

/** Loops over variables, some of which have fewer rounds at present. */
function around(
  variables: readonly LoopVar[],
  sizes: ReadonlyMap<LoopVar, number>,
  body: readonly Stmt[],
): Stmt[] {
  return variables.reduceRight<Stmt[]>(
    (inner, v) => forLoop(v, 0, sizes.get(v) ?? v.extent, 1, inner),
    [...body],
  );
}

/** Calls for the vectors of one panel. */
const vectorsOf = (columns: number): number[] =>
  Array.from({ length: Math.ceil(columns / vectorLanes) }, (_, j) => j);

/** The packed right side. */
interface Panels {
  /** The statements that pack a part of so many columns. */
  readonly copy: (columns: number) => Stmt[];
  /** A vector of the panel that begins at the present column. */
  readonly operand: (columns: number) => Operand;
}

/** Panels for the terms of `summed`, where the column runs within a part of so many. */
function panels(t: ExprTable, plan: Plan, width: number, scratch: Scratch): Panels {
  const { c, right, column } = plan;
  const panelWidth = widthOf(plan);
  const depth = sumExtent(c);
  const buffer = scratch(depth * Math.ceil(width / panelWidth) * panelWidth);
  let place = t.index.constant(0);
  for (const v of c.summed) place = t.index.add(t.index.mul(place, v.extent), t.index.variable(v));
  const at = (columns: number, vector: number): Index => {
    const lanes = vectorsOf(columns).length * vectorLanes;
    return t.index.combine(vector * vectorLanes, [t.index.variable(column), place], [depth, lanes]);
  };
  const pack = (columns: number): Stmt[] => {
    const stores = vectorsOf(columns).map((j): Stmt => {
      const lane = (i: number): Expr => {
        if (j * vectorLanes + i >= columns) return t.const(right.type, 0);
        const moved = t.index.addConstant(t.index.variable(column), j * vectorLanes + i);
        return rewriter(t, { variables: new Map([[column, moved]]) }).expr(right);
      };
      const whole = (j + 1) * vectorLanes <= columns;
      const value = whole
        ? vectorize(t, lane(0), column, vectorLanes)
        : t.pack(Array.from({ length: vectorLanes }, (_, i) => lane(i)));
      return { kind: "store", buffer, index: at(columns, j), value };
    });
    return loopsAround(c.summed, stores);
  };
  return {
    copy: (columns) => cover(columns, panelWidth, pack, column, false),
    operand: (columns) => (vector, lanes) => t.load(buffer, at(columns, vector), lanes),
  };
}

/** Tiles of rows and panels of the present part of the columns, for every value of the other outputs. */
function tiles(
  plan: Plan,
  columns: number,
  sizes: ReadonlyMap<LoopVar, number>,
  tile: (rows: number, columns: number) => Stmt[],
): Stmt[] {
  const { row, column, free, shape } = plan;
  const inRow = (rows: number): Stmt[] =>
    cover(columns, widthOf(plan), (width) => tile(rows, width), column, false);
  const rows =
    row === undefined ? inRow(1) : cover(sizes.get(row) ?? row.extent, shape.rows, inRow, row, false);
  return around(
    free.filter((v) => v !== row),
    sizes,
    rows,
  );
}

/** Each tile is summed up at once and goes through the epilogue. */
function wholeSums(t: ExprTable, plan: Plan, scratch: Scratch): Stmt[] {
  const most = Math.max(1, Math.floor(panelElements / (sumExtent(plan.c) * widthOf(plan))));
  const width = partOfColumns(plan, most);
  return inParts(t, plan, shareOf(plan, undefined), (part, sizes) => {
    const cut = cutVariable(t, part.column, width);
    const inner = substitute(t, part, new Map([[part.column, cut]]));
    const packed = panels(t, inner, width, scratch);
    const tile = (rows: number, columns: number): Stmt[] => {
      const shape = {
        rows,
        vectors: vectorsOf(columns).length,
        lanes: vectorLanes,
        partial: columns % vectorLanes,
      };
      const panel = { factor: inner.factor, operand: packed.operand(columns), scratch };
      return tileBody(t, inner.c, shape, inner.row, inner.column, panel);
    };
    const inPart = (columns: number): Stmt[] => [
      ...packed.copy(columns),
      ...tiles(inner, columns, sizes, tile),
    ];
    return cover(part.column.extent, width, inPart, cut.first, false);
  });
}

/** Columns in one part: whole panels, no more than `most`, and about the same number in each part. */
function partOfColumns(plan: Plan, most: number): number {
  const { column } = plan;
  const panelWidth = widthOf(plan);
  const all = Math.ceil(column.extent / panelWidth);
  const parts = Math.ceil(all / most);
  return Math.min(column.extent, Math.ceil(all / parts) * panelWidth);
}

/**
 * Sums over very many terms, such as all places of all samples for the gradient of a kernel: pieces of the sum, whose
 * operands stay in the cache, are added to all tiles one after the other.
 */
function partialSums(t: ExprTable, plan: Plan, scratch: Scratch): Stmt[] {
  const { row, column, free } = plan;
  const panelWidth = widthOf(plan);
  const packs =
    free.reduce((n, v) => n * v.extent, 1) >= packUses ||
    column.extent % vectorLanes !== 0 ||
    loadCoefficients(plan.right, column).some((s) => s !== 1);
  const width = partOfColumns(plan, Math.max(1, Math.floor((packs ? widest : lineColumns) / panelWidth)));
  const most = Math.min(pieceTerms, Math.floor(panelElements / Math.ceil(width / panelWidth) / panelWidth));
  // Terms of one piece: the innermost sums, as many as fit; one of them is cut.
  let inside = 1;
  let cutAt = plan.c.summed.length - 1;
  while (cutAt > 0 && inside * plan.c.summed[cutAt]!.extent <= most) inside *= plan.c.summed[cutAt--]!.extent;
  const long = plan.c.summed[cutAt]!;
  const terms = evenPart(long.extent, most / inside);
  const inPart = (part: Plan, sizes: ReadonlyMap<LoopVar, number>, parallel: boolean): Stmt[] => {
    const columnCut = cutVariable(t, part.column, width);
    const whole = substitute(t, part, new Map([[part.column, columnCut]]));
    const sums = sumsOf(t, whole, width, scratch);
    const sumCut = cutVariable(t, long, terms);
    const piece = (size: number): Plan => {
      const cut = size === terms ? sumCut : { ...sumCut, inside: loopVar(size, "p") };
      const at = t.index.add(t.index.variable(cut.first), t.index.variable(cut.inside));
      const inner = substitute(t, whole, new Map([[long, { ...cut, at }]]));
      return { ...inner, c: { ...inner.c, summed: inner.c.summed.slice(cutAt) } };
    };
    const inPiece = (size: number, columns: number): Stmt[] => {
      const inner = piece(size);
      const right = packs ? panels(t, inner, width, scratch) : inPlace(t, inner);
      const tile = (rows: number, own: number): Stmt[] => sums.add(inner, rows, own, right.operand(own));
      return [...right.copy(columns), ...tiles(inner, columns, sizes, tile)];
    };
    const inColumns = (columns: number): Stmt[] => [
      ...sums.clear(sizes, columns),
      ...loopsAround(
        plan.c.summed.slice(0, cutAt),
        cover(long.extent, terms, (size) => inPiece(size, columns), sumCut.first, false),
      ),
      ...sums.finish(sizes, columns),
    ];
    const stmts = (columns: number): Stmt[] => (parallel ? serial(inColumns(columns)) : inColumns(columns));
    return cover(part.column.extent, width, stmts, columnCut.first, parallel);
  };
  if (!packs && plan.shared.length === 0) return inPart(plan, new Map(), true);
  const tall = row !== undefined && row.extent >= 4 * plan.shape.rows ? row : undefined;
  return inParts(t, plan, shareOf(plan, tall), (part, sizes) => inPart(part, sizes, false));
}

/** The right side as it lies in memory. */
function inPlace(t: ExprTable, { right, column }: Plan): Panels {
  return {
    copy: () => [],
    operand: () => (vector, lanes) => {
      const moved = t.index.addConstant(t.index.variable(column), vector * lanes);
      return vectorize(t, rewriter(t, { variables: new Map([[column, moved]]) }).expr(right), column, lanes);
    },
  };
}

/** Sums in memory: those of all rows for a part of the columns. */
interface Sums {
  readonly clear: (sizes: ReadonlyMap<LoopVar, number>, columns: number) => Stmt[];
  /** Adds the terms of a plan to a tile. */
  readonly add: (plan: Plan, rows: number, columns: number, operand: Operand) => Stmt[];
  /** The epilogue. */
  readonly finish: (sizes: ReadonlyMap<LoopVar, number>, columns: number) => Stmt[];
}

function sumsOf(t: ExprTable, plan: Plan, width: number, scratch: Scratch): Sums {
  const { free, row, column, c } = plan;
  const panelWidth = widthOf(plan);
  const padded = Math.ceil(width / panelWidth) * panelWidth;
  const buffer = scratch(free.reduce((n, v) => n * v.extent, padded));
  let start = t.index.constant(0);
  for (const v of free) start = t.index.add(t.index.mul(start, v.extent), t.index.variable(v));
  const place = t.index.add(t.index.mul(start, padded), t.index.variable(column));
  /** Whole loops over present sizes. */
  const present = (sizes: ReadonlyMap<LoopVar, number>, columns: number) => {
    const fresh = new Map(
      [...free, column].map((v) => [v, loopVar(v === column ? columns : (sizes.get(v) ?? v.extent))]),
    );
    const variables = new Map([...fresh].map(([v, f]) => [v, t.index.variable(f)]));
    const { index } = rewriter(t, { variables });
    const sum = t.load(buffer, index(place));
    const { expr } = rewriter(t, { variables, registers: new Map([[c.accumulators[0]!.register, sum]]) });
    return { variables: [...fresh.values()], expr, index };
  };
  return {
    clear(sizes, columns) {
      const all = Math.ceil(columns / panelWidth) * panelWidth;
      const { variables, index } = present(sizes, all);
      return elementwiseLoops(t, variables, [{ buffer, index: index(place), value: t.const("float32", 0) }]);
    },
    add({ c: inner, left }, rows, columns, operand) {
      // Row by row: an element of the left side needs a register only until its row is done.
      const cells = Array.from({ length: rows }, (_, r) => {
        const down = new Map<LoopVar, Index>();
        if (row !== undefined && r > 0) down.set(row, t.index.addConstant(t.index.variable(row), r));
        const { expr, index } = rewriter(t, { variables: down });
        return vectorsOf(columns).map((j) => {
          const register = t.register("float32", vectorLanes);
          const next = product(t, t.splat(expr(left), vectorLanes), operand(j, vectorLanes), t.reg(register));
          const at = t.index.addConstant(index(place), j * vectorLanes);
          return { register, next, at };
        });
      }).flat();
      return [
        ...sumLoops(
          t,
          inner.summed,
          cells.map(
            ({ register, at }): Stmt => ({ kind: "set", register, value: t.load(buffer, at, vectorLanes) }),
          ),
          cells.map(({ register, next }): Stmt => ({ kind: "set", register, value: next })),
          inner.guards,
        ),
        ...cells.map(
          ({ register, at }): Stmt => ({ kind: "store", buffer, index: at, value: t.reg(register) }),
        ),
      ];
    },
    finish(sizes, columns) {
      const { variables, expr, index } = present(sizes, columns);
      return elementwiseLoops(
        t,
        variables,
        c.stores.map((s) => ({ buffer: s.buffer, index: index(s.index), value: expr(s.value) })),
      );
    },
  };
}
