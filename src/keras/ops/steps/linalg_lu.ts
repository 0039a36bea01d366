/** The functions of `linalg_lu.ts` as steps of graphs. */
import * as f from "../linalg_lu.ts";
import { type Step, step } from "../step.ts";

export const det: Step<typeof f.det> = /* @__PURE__ */ step(f.det, "linalg Det x");
export const inv: Step<typeof f.inv> = /* @__PURE__ */ step(f.inv, "linalg Inv x");
export const logdet: Step<typeof f.logdet> = /* @__PURE__ */ step(f.logdet, "math Logdet x");
export const luFactor: Step<typeof f.luFactor> = /* @__PURE__ */ step(f.luFactor, "linalg LuFactor x");
export const matrixPower: Step<typeof f.matrixPower> = /* @__PURE__ */ step(
  f.matrixPower,
  "linalg MatrixPower x n!",
);
export const slogdet: Step<typeof f.slogdet> = /* @__PURE__ */ step(f.slogdet, "numpy Slogdet x");
export const solve: Step<typeof f.solve> = /* @__PURE__ */ step(f.solve, "linalg Solve a b");
