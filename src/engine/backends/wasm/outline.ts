/**
 * Decides which loops become functions of their own. V8 begins with quick and poor code for a function and replaces it
 * for the calls that come after the good code is ready, never within a call; so a function must not run for long.
 */
import type { Stmt } from "../../compiler/loop_ir/stmt.ts";
import { type ForStmt, type Scanner, trips } from "./scan.ts";

/** A nest that does less than this may stay where it is. */
const hot = 250_000;

/** What one call should do, so that it is short, and yet long against what a call costs. */
const portion = 32_000;

/** The work in a body that loops do which can be cut out by themselves. */
function separable(stmts: readonly Stmt[], scanner: Scanner): number {
  let sum = 0;
  for (const stmt of stmts) {
    if (stmt.kind === "if") sum += separable(stmt.body, scanner);
    if (stmt.kind !== "for") continue;
    const { work } = scanner.stmt(stmt);
    if (work > portion) sum += work;
  }
  return sum;
}

/**
 * How many rounds of a loop one call should run.
 *
 * @param cut "hot" to leave alone what runs shortly, "any" inside of a nest that is known to be hot
 * @returns 0 to leave the loop where it is, -1 to do so and cut out loops inside of it
 */
export function portionOf(loop: ForStmt, scanner: Scanner, cut: "hot" | "any"): number {
  const { work } = scanner.stmt(loop);
  if (work < (cut === "hot" ? hot : portion)) return 0;
  const round = work / trips(loop);
  if (round > portion && separable(loop.body, scanner) > round / 2) return -1;
  return Math.max(1, Math.floor(portion / round));
}
