/**
 * How the statements of a kernel are shared out: its loops lie one after the other on a line on which each round takes as
 * much as it costs, and every thread runs the rounds that begin on its part of the line.
 */
import type { Buffer } from "../../compiler/loop_ir/expr.ts";
import type { Stmt } from "../../compiler/loop_ir/stmt.ts";
import { type ForStmt, type Scanner, trips } from "./scan.ts";

/** Statements and their places on a line. */
export interface Shares {
  /** The length of the line. */
  readonly length: number;
  readonly items: readonly Share[];
}

/** A loop with its place, or a statement that is not shared. */
export type Share =
  | { readonly kind: "whole"; readonly stmt: Stmt }
  | {
      readonly kind: "rounds";
      readonly loop: ForStmt;
      /** Where it begins. */
      readonly from: number;
      /** The length of each round. */
      readonly cost: number;
      /** How a single round is shared out between threads, if it is. */
      readonly inside: Shares | undefined;
    };

/** A loop with so many rounds is shared out well enough by whole rounds. */
const manyRounds = 64;

/** A line may be so long that its length and places stay whole numbers of 31 bits. */
const longest = 2 ** 30;

/** What parallel loops among statements do, with the loops inside whose rounds are to be shared out. */
interface Sharable {
  readonly loop: ForStmt;
  readonly inside: readonly Sharable[] | undefined;
  /** The work of one round, as far as threads share it. */
  readonly work: number;
}

/**
 * Shares statements out.
 *
 * @param isPrivate whether every thread has a buffer of its own
 * @returns undefined if there is nothing to share: no parallel loop, or one round alone
 */
export function shareOut(
  stmts: readonly Stmt[],
  scanner: Scanner,
  isPrivate: (buffer: Buffer) => boolean,
): Shares | undefined {
  const sharable = loopsAmong(stmts, scanner, isPrivate);
  if (rounds(sharable) < 2) return undefined;
  const least = Math.min(...leaves(sharable));
  const total = sharable.reduce((sum, s) => sum + s.work * trips(s.loop), 0);
  return place(stmts, sharable, Math.max(least, total / longest));
}

/** The work of the parallel loops among some statements. */
export function sharedWork(stmts: readonly Stmt[], scanner: Scanner): number {
  let sum = 0;
  for (const stmt of stmts) if (isParallel(stmt)) sum += scanner.stmt(stmt).work;
  return sum;
}

function isParallel(stmt: Stmt): stmt is ForStmt {
  return stmt.kind === "for" && stmt.parallel && trips(stmt) > 0;
}

function loopsAmong(
  stmts: readonly Stmt[],
  scanner: Scanner,
  isPrivate: (buffer: Buffer) => boolean,
): Sharable[] {
  return stmts.filter(isParallel).map((loop): Sharable => {
    const { work } = scanner.body(loop.body);
    if (trips(loop) < manyRounds && divisible(loop, scanner, isPrivate)) {
      const inside = loopsAmong(loop.body, scanner, isPrivate);
      if (rounds(inside) > 1) {
        return { loop, inside, work: inside.reduce((sum, s) => sum + s.work * trips(s.loop), 0) };
      }
    }
    return { loop, inside: undefined, work };
  });
}

/** Whether several threads may run one round: what all of them run then must change private memory alone. */
function divisible(loop: ForStmt, scanner: Scanner, isPrivate: (buffer: Buffer) => boolean): boolean {
  return loop.body.every((stmt) => isParallel(stmt) || [...scanner.stmt(stmt).stored].every(isPrivate));
}

function rounds(loops: readonly Sharable[]): number {
  return loops.reduce(
    (n, { loop, inside }) => n + trips(loop) * (inside === undefined ? 1 : rounds(inside)),
    0,
  );
}

function leaves(loops: readonly Sharable[]): number[] {
  return loops.flatMap(({ inside, work }) => (inside === undefined ? [work] : leaves(inside)));
}

function place(stmts: readonly Stmt[], sharable: readonly Sharable[], unit: number): Shares {
  let length = 0;
  const items = stmts.map((stmt): Share => {
    const found = sharable.find((s) => s.loop === stmt);
    if (found === undefined) return { kind: "whole", stmt };
    const { loop } = found;
    const inside = found.inside === undefined ? undefined : place(loop.body, found.inside, unit);
    const cost = inside?.length ?? Math.max(1, Math.round(found.work / unit));
    const from = length;
    length += cost * trips(loop);
    return { kind: "rounds", loop, from, cost, inside };
  });
  return { length, items };
}
