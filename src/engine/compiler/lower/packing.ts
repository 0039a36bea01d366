/** Operands that are copied into the order in which the inner loop of a product reads them. */
import {
  type Expr,
  type ExprTable,
  type Index,
  type LoopVar,
  loopVar,
  type Stmt,
  type TileShape,
} from "../loop_ir/index.ts";
import { rewriter, vectorize } from "../loop_ir/transform.ts";
import { loopsAround, vectorLanes } from "./nest.ts";
import {
  type Contraction,
  cover,
  loadCoefficients,
  type Operand,
  type Scratch,
  sumExtent,
  tileBody,
} from "./tile.ts";

/** Terms of room between panels: else the lines that a row is copied to would push each other out of the first cache. */
const gap = 2;

/** A product in parts: its column is the first of a chunk plus that of the panel in it, its row that of a block plus one in it. */
interface Parts {
  readonly c: Contraction;
  readonly first: LoopVar;
  readonly firstRow: LoopVar;
  readonly panel: LoopVar;
  readonly inside: LoopVar;
}

/** Cuts the columns into chunks and the rows into blocks. */
export function cutOutputs(
  t: ExprTable,
  given: Contraction,
  { n, row, chunk, block }: { n: LoopVar; row: LoopVar; chunk: number; block: number },
): Parts {
  const [first, panel] = [loopVar(n.extent, "c"), loopVar(chunk, "p")];
  const [firstRow, inside] = [loopVar(row.extent, "b"), loopVar(block, "r")];
  const at = new Map([
    [n, t.index.add(t.index.variable(first), t.index.variable(panel))],
    [row, t.index.add(t.index.variable(firstRow), t.index.variable(inside))],
  ]);
  return { c: moved(t, given, at), first, firstRow, panel, inside };
}

/** A product with indices in place of some variables. */
export function moved(t: ExprTable, c: Contraction, variables: ReadonlyMap<LoopVar, Index>): Contraction {
  const { expr, index } = rewriter(t, { variables });
  return {
    ...c,
    accumulators: c.accumulators.map((a) => ({ ...a, next: expr(a.next) })),
    factors: [expr(c.factors![0]), expr(c.factors![1])],
    stores: c.stores.map((s) => ({ buffer: s.buffer, index: index(s.index), value: expr(s.value) })),
  };
}

/** How a product goes through panels. */
export interface Layout {
  /** Which factor is packed. */
  readonly factor: number;
  readonly shape: TileShape;
  /** Where in a chunk of columns a panel begins, and where in a block of rows a tile. */
  readonly panel: LoopVar;
  readonly row: LoopVar;
  readonly chunk: number;
  readonly block: number;
}

/** The right side of a chunk of columns in panels, and the tiles of a block of rows over them. */
export function panelsOf(
  t: ExprTable,
  c: Contraction,
  { factor, shape, panel, row, chunk, block }: Layout,
  scratch: Scratch,
): { copy: (columns: number) => Stmt[]; tiles: (rows: number, columns: number) => Stmt[] } {
  const width = shape.vectors * vectorLanes;
  const depth = sumExtent(c);
  const right = c.factors![factor]!;
  const buffer = scratch((depth + gap) * chunk, right.type);
  let place = t.index.constant(0);
  for (const v of c.summed) place = t.index.add(t.index.mul(place, v.extent), t.index.variable(v));
  /** Where the n-th column's vector of a term lies in the panel that begins at `panel`. */
  const inPanel = (columns: number, vector: number): Index => {
    const lanes = Math.ceil(columns / vectorLanes) * vectorLanes;
    const start = t.index.mul(t.index.variable(panel), depth + gap);
    return t.index.addConstant(t.index.add(start, t.index.mul(place, lanes)), vector * vectorLanes);
  };
  const vectorsOf = (columns: number): number[] =>
    Array.from({ length: Math.ceil(columns / vectorLanes) }, (_, j) => j);
  const copy = (columns: number): Stmt[] => {
    return vectorsOf(columns).map((j): Stmt => {
      const valid = Math.min(vectorLanes, columns - j * vectorLanes);
      const at = (lane: number): Expr => {
        const column = t.index.addConstant(t.index.variable(panel), j * vectorLanes + lane);
        return rewriter(t, { variables: new Map([[panel, column]]) }).expr(right);
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
  const far = walksFar(c, c.factors![1 - factor]!);
  const left = far
    ? leftRows(t, c, c.factors![1 - factor]!, row, place, shape.rows, block, scratch)
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
    return tileBody(t, c, tile, row, panel, { factor, operand, scratch, ...rows });
  };
  // Where the columns lie side by side they are copied row by row, so that each line of memory is read once.
  const inOrder = loadCoefficients(right, panel).every((s) => s === 1);
  return {
    copy: (size) =>
      inOrder
        ? loopsAround(c.summed, cover(size, width, copy, panel, false))
        : cover(size, width, (columns) => loopsAround(c.summed, copy(columns)), panel, false),
    tiles(rows, size) {
      const inPanel = (columns: number): Stmt[] =>
        cover(rows, shape.rows, (height) => tiles(height, columns), row, true);
      return [...(left?.copy(rows) ?? []), ...cover(size, width, inPanel, panel, true)];
    },
  };
}

/** Whether an operand is walked through in large steps, each of which would touch another page. */
export function walksFar(c: Contraction, operand: Expr): boolean {
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
  const down = (r: number): Expr => {
    const to = t.index.addConstant(t.index.variable(row), r);
    return rewriter(t, { variables: new Map([[row, to]]) }).expr(left);
  };
  const vectors = loadCoefficients(left, row).every((s) => s === 1);
  const tile = (height: number): Stmt[] => {
    if (!vectors || height < vectorLanes) {
      return Array.from({ length: height }, (_, r): Stmt => {
        return { kind: "store", buffer, index: at(height, r), value: down(r) };
      });
    }
    // The last vector copies some elements once more rather than one by one.
    return Array.from({ length: Math.ceil(height / vectorLanes) }, (_, j): Stmt => {
      const r = Math.min(j * vectorLanes, height - vectorLanes);
      return { kind: "store", buffer, index: at(height, r), value: vectorize(t, down(r), row, vectorLanes) };
    });
  };
  return {
    // Of a line of the cache all elements are taken before it is forgotten.
    copy: (size) => loopsAround(c.summed, cover(size, rows, tile, row, false)),
    element: (height, r) => t.load(buffer, at(height, r)),
  };
}

/**
 * About as many rows, or columns, as so many tiles have: if possible a number that divides those of all whole tiles, since
 * a rest has code of its own.
 *
 * @param size of a tile
 * @param least with `most`: between which multiples of `wanted` it may lie
 */
export function wholeTiles(
  extent: number,
  size: number,
  wanted: number,
  least: number,
  most: number,
): number {
  const tiles = Math.floor(extent / size);
  const near = Math.max(1, Math.min(wanted, tiles));
  const even = Array.from({ length: Math.floor(near * most) }, (_, i) => i + 1)
    .filter((some) => some >= near * least && tiles % some === 0)
    .sort((a, b) => Math.abs(a - near) - Math.abs(b - near));
  return (even[0] ?? near) * size;
}
