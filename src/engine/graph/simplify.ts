/**
 * Simplification: what every graph goes through before it is compiled. The rules stand in `rules/`; of two that apply
 * to a node, the earlier one wins.
 */
import type { Graph } from "./node.ts";
import type { Rule } from "./pattern.ts";
import { type RuleTable, rewrite, ruleTable } from "./rewrite.ts";
import { arithmetic } from "./rules/arithmetic.ts";
import { contractions } from "./rules/contractions.ts";
import { folding } from "./rules/folding.ts";
import { indexing } from "./rules/indexing.ts";
import { logic } from "./rules/logic.ts";
import { reductions } from "./rules/reductions.ts";
import { views } from "./rules/views.ts";

const rules: Rule[] = [
  ...folding,
  ...arithmetic,
  ...logic,
  ...views,
  ...reductions,
  ...contractions,
  ...indexing,
];

let table: RuleTable = ruleTable(rules);

/** Adds the rules of a family of primitives, behind those that are there. */
export function addRules(more: readonly Rule[]): void {
  rules.push(...more);
  table = ruleTable(rules);
}

/**
 * A graph that gives the same results with less work. Equal nodes become one, unused ones fall away, and the rules of
 * `rules/` apply wherever they can, in the bodies of loops too. Results agree to the last bit but for what the rules
 * say: the sign of zeros, and rounding where sums are merged.
 */
export function simplify(graph: Graph): Graph {
  return rewrite(graph, table);
}
