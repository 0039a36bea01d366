/**
 * Families: primitives that only some programs need, and what each part of the engine knows of them. A family stands in
 * the module of its operations, so it is there for whoever calls one, and nowhere else.
 */

import type { VjpRules } from "../autodiff/rule.ts";
import { addVjpRules } from "../autodiff/vjp.ts";
import type { Rule } from "../graph/pattern.ts";
import { addPrimitives, type FamilyPrimitive, type Rows } from "../graph/primitives.ts";
import { addRules } from "../graph/simplify.ts";
import { addLowerings } from "./lower/kernel.ts";
import type { Lowerings } from "./lower/lowering.ts";

/** What belongs to some primitives. */
export interface Family<P extends FamilyPrimitive> {
  readonly rows: Rows<P>;
  /** Simplifications. */
  readonly rules: readonly Rule[];
  readonly gradients: VjpRules<P>;
  readonly kernels: Lowerings<P>;
}

/** Adds a family to the tables. */
export function addFamily<P extends FamilyPrimitive>(family: Family<P>): void {
  addPrimitives(family.rows);
  addRules(family.rules);
  addVjpRules(family.gradients);
  addLowerings(family.kernels);
}
