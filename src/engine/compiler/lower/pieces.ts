/** Products with very long sums, which are added up piece by piece. */
import { type ExprTable, type LoopVar, loopVar, type Stmt, type TileShape } from "../loop_ir/index.ts";
import { rewriter } from "../loop_ir/transform.ts";
import { elementwiseLoops, loopsAround, type Store, serial, vectorLanes } from "./nest.ts";
import { cutOutputs, moved, panelsOf, wholeTiles } from "./packing.ts";
import { type Contraction, cover, evenPart, type Scratch } from "./tile.ts";

type Rewrite = ReturnType<typeof rewriter>;

/**
 * Sums of more terms than this over a turned left side are cut into pieces of about so many, for blocks of about so many rows
 * and columns: else few columns fit into a chunk, and the left side is copied for each.
 */
export const longSum: number = 1024;
const pieceTerms = 256;
const pieceRows = 64;
const pieceColumns = 256;
/** Into about so many parts a product is cut, unless they would have fewer columns than this. */
const shares = 8;
const leastColumns = 64;

/** The axis of the vectors, that of the rows, which factor is packed, and the shape of tiles. */
interface Product {
  readonly n: LoopVar;
  readonly row: LoopVar;
  readonly factor: number;
  readonly shape: TileShape;
}

/**
 * Sums over very many terms, such as the samples and steps for the gradient of a kernel: pieces of them, whose panels stay
 * in the first cache, are added one after the other to sums that wait in memory, so that the order of the terms remains.
 * All that a block of rows and columns needs is made for it alone.
 */
export function pieces(
  t: ExprTable,
  given: Contraction,
  { n, row, factor, shape }: Product,
  scratch: Scratch,
): Stmt[] {
  const width = shape.vectors * vectorLanes;
  // Threads have something to share out, even if all would fit into a block or two.
  const blocks = Math.ceil(row.extent / pieceRows);
  const shared = Math.max(leastColumns, (n.extent * blocks) / shares);
  const columns = Math.min(pieceColumns, shared, blocks === 1 ? n.extent / 2 : n.extent);
  const chunk = wholeTiles(n.extent, width, Math.floor(columns / width), 0.6, 1.15);
  const block = wholeTiles(row.extent, shape.rows, Math.floor(pieceRows / shape.rows), 0.6, 1.15);
  const { c, first, firstRow, panel, inside } = cutOutputs(t, given, { n, row, chunk, block });
  const outer = c.outputs.filter((v) => v !== n && v !== row);
  const [acc] = c.accumulators;
  const stride = Math.ceil(chunk / vectorLanes) * vectorLanes;
  const sums = scratch(block * stride, acc!.register.type);
  const place = t.index.add(t.index.mul(t.index.variable(inside), stride), t.index.variable(panel));
  // Of the innermost sums as many as a piece takes; the next one is cut.
  let terms = 1;
  let cutAt = c.summed.length - 1;
  while (cutAt > 0 && terms * c.summed[cutAt]!.extent <= pieceTerms) terms *= c.summed[cutAt--]!.extent;
  const long = c.summed[cutAt]!;
  const from = loopVar(long.extent, "k");
  const size = evenPart(long.extent, pieceTerms / terms);
  const piece = (length: number, rows: number, columns: number): Stmt[] => {
    const term = loopVar(length);
    const at = t.index.add(t.index.variable(from), t.index.variable(term));
    const part: Contraction = {
      ...moved(t, c, new Map([[long, at]])),
      summed: [term, ...c.summed.slice(cutAt + 1)],
      stores: [{ buffer: sums, index: place, value: t.reg(acc!.register) }],
    };
    const added = { ...part.accumulators[0]!, begin: t.load(sums, place) };
    const packed = panelsOf(
      t,
      { ...part, accumulators: [added] },
      { factor, shape, panel, row: inside, chunk, block },
      scratch,
    );
    return [...packed.copy(columns), ...packed.tiles(rows, columns)];
  };
  const over = (rows: number, columns: number, stores: (expr: Rewrite) => readonly Store[]): Stmt[] => {
    const [down, across] = [loopVar(rows), loopVar(columns)];
    const variables = new Map([
      [inside, t.index.variable(down)],
      [panel, t.index.variable(across)],
    ]);
    const registers = new Map([[acc!.register, t.load(sums, rewriter(t, { variables }).index(place))]]);
    return elementwiseLoops(t, [down, across], stores(rewriter(t, { variables, registers })));
  };
  const inBlock = (rows: number, columns: number): Stmt[] => [
    ...over(rows, stride, ({ index }) => [{ buffer: sums, index: index(place), value: acc!.begin }]),
    ...loopsAround(
      c.summed.slice(0, cutAt),
      cover(long.extent, size, (length) => piece(length, rows, columns), from, false),
    ),
    ...over(rows, columns, ({ expr, index }) =>
      c.stores.map((s) => ({ buffer: s.buffer, index: index(s.index), value: expr(s.value) })),
    ),
  ];
  const inChunk = (columns: number): Stmt[] =>
    cover(row.extent, block, (rows) => serial(inBlock(rows, columns)), firstRow, true);
  return loopsAround(outer, cover(n.extent, chunk, inChunk, first, true), true);
}
