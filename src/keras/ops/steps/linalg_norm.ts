/** The functions of `linalg_norm.ts` as steps of graphs. */
import * as f from "../linalg_norm.ts";
import { type Step, step } from "../step.ts";

export const norm: Step<typeof f.norm> = /* @__PURE__ */ step(
  f.norm,
  "linalg Norm x | ord!=null axis!=null keepdims!=false",
);
