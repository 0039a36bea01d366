/** The functions of `numpy_diagonals.ts` as steps of graphs. */
import * as f from "../numpy_diagonals.ts";
import { type Step, step } from "../step.ts";

export const diag: Step<typeof f.diag> = /* @__PURE__ */ step(f.diag, "numpy Diag x | k!=0");
export const diagflat: Step<typeof f.diagflat> = /* @__PURE__ */ step(f.diagflat, "numpy Diagflat x | k!=0");
export const diagonal: Step<typeof f.diagonal> = /* @__PURE__ */ step(
  f.diagonal,
  "numpy Diagonal x | offset!=0 axis1!=0 axis2!=1",
);
export const trace: Step<typeof f.trace> = /* @__PURE__ */ step(
  f.trace,
  "numpy Trace x | offset!=0 axis1!=0 axis2!=1",
);
export const tril: Step<typeof f.tril> = /* @__PURE__ */ step(f.tril, "numpy Tril x | k!=0");
export const triu: Step<typeof f.triu> = /* @__PURE__ */ step(f.triu, "numpy Triu x | k!=0");
