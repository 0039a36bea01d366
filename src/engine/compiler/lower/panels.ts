/** Products whose right side is packed into panels, which the inner loop reads in order. */
import { type ExprTable, type LoopVar, type Stmt, tileShape } from "../loop_ir/index.ts";
import { coefficient, uses } from "../loop_ir/transform.ts";
import { loopsAround, vectorLanes } from "./nest.ts";
import { cutOutputs, panelsOf, walksFar, wholeTiles } from "./packing.ts";
import { longSum, pieces } from "./pieces.ts";
import { type Contraction, cover, rowVariable, type Scratch, sumExtent } from "./tile.ts";

/** From this many rows on, copying the right side into panels pays. */
const packRows = 8;
const packSum = 16;
/** Elements of the right side that are packed at a time: 384 KiB of float32. */
export const panelElements: number = 98304;
/** Elements of the left side that stay in the first cache: 16 KiB of float32. */
const blockElements = 4096;
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
  const turns = walksFar(given, given.factors![1 - factor]!);
  if (turns && depth >= longSum) return pieces(t, given, { n, row, factor, shape }, scratch);
  const fitting = Math.floor(panelElements / (depth * width));
  const chunk =
    fitting * width >= n.extent
      ? Math.ceil(n.extent / width) * width
      : wholeTiles(n.extent, width, fitting, 0.6, 1.15);
  const block = turns
    ? wholeTiles(row.extent, shape.rows, Math.ceil(lineElements / shape.rows), 1, 2)
    : wholeTiles(row.extent, shape.rows, Math.floor(blockElements / (depth * shape.rows)), 0.5, 1);
  const { c, first, firstRow, panel, inside } = cutOutputs(t, given, { n, row, chunk, block });
  const outer = c.outputs.filter((v) => v !== n && v !== row);
  const packed = panelsOf(t, c, { factor, shape, panel, row: inside, chunk, block }, scratch);
  const inChunk = (size: number): Stmt[] => [
    ...packed.copy(size),
    ...cover(row.extent, block, (rows) => packed.tiles(rows, size), firstRow, true),
  ];
  return loopsAround(outer, cover(n.extent, chunk, inChunk, first, true), true);
}
