/** Products whose right side is packed into panels, which the inner loop reads in order. */
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
import { loopsAround, vectorLanes } from "./nest.ts";
import {
  type Contraction,
  cover,
  loadCoefficients,
  type Operand,
  rowVariable,
  type Scratch,
  sumExtent,
  tileBody,
} from "./tile.ts";

/** From this many rows on, copying the right side into panels pays. */
const packRows = 8;
const packSum = 16;
/** Elements of the right side that are packed at a time: 384 KiB of float32. */
export const panelElements: number = 98304;
/** Elements of the left side that stay in the first cache: 16 KiB of float32. */
const blockElements = 4096;
/** Into up to so many panels rows are copied at once: as many ways as the first cache has. */
const rowPanels = 12;
/** Elements of a line of the cache. */
const lineElements = 16;

/** Packed panels when the right side can be read in vectors already. */
export function panelLoops(t: ExprTable, c: Contraction, n: LoopVar, scratch: Scratch): Stmt[] | undefined {
  const row = rowVariable(c, n);
  if (c.factors === undefined || row === undefined || row.extent < packRows || sumExtent(c) < packSum)
    return undefined;
  return packedPanels(t, c, n, row, scratch);
}

/** Packed panels when it cannot: the copy turns it, if at least so many rows read what it makes. */
export function transposedPanel(
  t: ExprTable,
  c: Contraction,
  rows: number,
  scratch: Scratch,
): Stmt[] | undefined {
  if (c.factors === undefined || c.accumulators.length !== 1) return undefined;
  const n = [...c.outputs]
    .reverse()
    .find((v) => v.extent >= vectorLanes && c.stores.every((s) => coefficient(s.index, v) === 1));
  if (n === undefined) return undefined;
  const row = rowVariable(c, n);
  if (row === undefined || row.extent < Math.max(4, rows)) return undefined;
  return packedPanels(t, c, n, row, scratch);
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
