/** The table of gradients: one rule per primitive. Its type makes sure that no primitive is forgotten. */
import type { FamilyPrimitive, Primitive } from "../graph/primitives.ts";
import { contractions } from "./contractions.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { type VjpRules, zero } from "./rule.ts";
import { views } from "./views.ts";

/** Loops have several results and graphs of their own, so `grad` treats them itself, with the rule in `loop.ts`. */
type Differentiated = Exclude<Primitive, "loop" | "result">;

const common: VjpRules<Exclude<Differentiated, FamilyPrimitive>> = {
  parameter: zero,
  constant: zero,
  iota: zero,
  rng_bit_generator: zero,
  ...elementwise,
  ...views,
  ...indexing,
  ...contractions,
};

/** The rules of all primitives that are there; those of a family from when it is. */
export const vjpRules = { ...common } as VjpRules<Differentiated>;

/** Adds the rules of a family. */
export function addVjpRules(rules: Partial<VjpRules<FamilyPrimitive>>): void {
  Object.assign(vjpRules, rules);
}
