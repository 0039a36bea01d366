/**
 * Sums whose terms lie in rows of memory, as those of a vector with a matrix and those down the columns of one: some rows at
 * a time are read from end to end, as memory likes best, and the sums of all columns wait in the first cache meanwhile.
 */
import { type Expr, type ExprTable, type LoopVar, loopVar, type Stmt } from "../loop_ir/index.ts";
import { rewriter, vectorize } from "../loop_ir/transform.ts";
import { forLoop, loopsAround, storeAll, vectorLanes } from "./nest.ts";
import { type Contraction, cover, loadCoefficients, type Scratch } from "./tile.ts";

/** Rows whose terms are added while a sum is in a register. */
const rowsAtOnce = 4;
/** With fewer columns a tile takes whole rows anyway. */
const leastColumns = 64;
/** Columns that one thread takes at a time. */
const columnsAtOnce = 512;

/** Loops for columns along `n`, if the terms of a sum lie far from one another. */
export function streamedSums(
  t: ExprTable,
  given: Contraction,
  n: LoopVar,
  scratch: Scratch,
): Stmt[] | undefined {
  const row = given.summed.at(-1);
  const [acc] = given.accumulators;
  if (acc === undefined || given.accumulators.length > 1 || row === undefined) return undefined;
  // Truth values are as wide as what they were asked of.
  if (acc.register.type === "bool") return undefined;
  if (row.extent < rowsAtOnce || n.extent < leastColumns) return undefined;
  const [steps, lies] = [loadCoefficients(acc.next, row), loadCoefficients(acc.next, n)];
  if (!steps.some((step, i) => lies[i] === 1 && step !== undefined && step >= leastColumns)) return undefined;

  // The column is the first of those taken at a time plus its place among them.
  const chunk = Math.min(columnsAtOnce, n.extent);
  const [first, inside] = [loopVar(n.extent, "c"), loopVar(chunk, "n")];
  const column = t.index.add(t.index.variable(first), t.index.variable(inside));
  const { expr, index } = rewriter(t, { variables: new Map([[n, column]]) });
  const next = expr(acc.next);
  const stores = given.stores.map((s) => ({ ...s, index: index(s.index), value: expr(s.value) }));
  const sums = scratch(chunk, acc.register.type);
  const place = t.index.variable(inside);

  /** Does something for the columns of a chunk, in vectors as far as they go. */
  const across = (size: number, body: (lanes: number) => Stmt[]): Stmt[] => {
    const main = size - (size % vectorLanes);
    return [
      ...forLoop(inside, 0, main, vectorLanes, body(vectorLanes)),
      ...forLoop(inside, main, size, 1, main < size ? body(1) : []),
    ];
  };
  const widen = (e: Expr, lanes: number, sum: Expr): Expr =>
    lanes === 1
      ? rewriter(t, { registers: new Map([[acc.register, sum]]) }).expr(e)
      : vectorize(t, e, inside, lanes, new Map([[acc.register, sum]]));

  const begin = (lanes: number): Stmt[] => [
    { kind: "store", buffer: sums, index: place, value: t.splat(acc.begin, lanes) },
  ];
  const add =
    (rows: number) =>
    (lanes: number): Stmt[] => {
      const register = t.register(acc.register.type, lanes);
      const term = widen(next, lanes, t.reg(register));
      const terms = Array.from({ length: rows }, (_, r): Stmt => {
        const down = new Map([[row, t.index.addConstant(t.index.variable(row), r)]]);
        return { kind: "set", register, value: rewriter(t, { variables: down }).expr(term) };
      });
      return [
        { kind: "set", register, value: t.load(sums, place, lanes) },
        ...terms,
        { kind: "store", buffer: sums, index: place, value: t.reg(register) },
      ];
    };
  const end = (lanes: number): Stmt[] =>
    storeAll(
      t,
      stores.map((s) => ({ ...s, value: widen(s.value, lanes, t.load(sums, place, lanes)) })),
    );
  const inChunk = (size: number): Stmt[] => [
    ...across(size, begin),
    ...loopsAround(
      given.summed.slice(0, -1),
      cover(row.extent, rowsAtOnce, (rows) => across(size, add(rows)), row, false),
    ),
    ...across(size, end),
  ];
  const outer = given.outputs.filter((v) => v !== n);
  return loopsAround(outer, cover(n.extent, chunk, inChunk, first, true), true);
}
