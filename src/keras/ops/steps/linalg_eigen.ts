/** The functions of `linalg_eigen.ts` as steps of graphs. */
import * as f from "../linalg_eigen.ts";
import { type Step, step } from "../step.ts";

export const eigh: Step<typeof f.eigh> = /* @__PURE__ */ step(f.eigh, "linalg Eigh x");
