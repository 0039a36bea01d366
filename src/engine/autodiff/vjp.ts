/** The table of gradients: one rule per primitive. Its type makes sure that no primitive is forgotten. */
import type { Primitive } from "../graph/primitives.ts";
import { contractions } from "./contractions.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { type VjpRules, zero } from "./rule.ts";
import { views } from "./views.ts";
import { windows } from "./windows.ts";

/** Loops have several results and graphs of their own, so `grad` treats them itself, with the rule in `loop.ts`. */
export const vjpRules: VjpRules<Exclude<Primitive, "loop" | "result">> = {
  parameter: zero,
  constant: zero,
  iota: zero,
  rng_bit_generator: zero,
  ...elementwise,
  ...views,
  ...indexing,
  ...contractions,
  ...windows,
};
