/** The functions of `linalg_svd.ts` as steps of graphs. */
import * as f from "../linalg_svd.ts";
import { type Step, step } from "../step.ts";

export const lstsq: Step<typeof f.lstsq> = /* @__PURE__ */ step(f.lstsq, "linalg Lstsq a b | rcond!=null");
export const matrixRank: Step<typeof f.matrixRank> = /* @__PURE__ */ step(
  f.matrixRank,
  "linalg MatrixRank x | tol!=null",
);
export const pinv: Step<typeof f.pinv> = /* @__PURE__ */ step(f.pinv, "linalg Pinv x | rcond!=null");
export const svd: Step<typeof f.svd> = /* @__PURE__ */ step(
  f.svd,
  "linalg SVD x | full_matrices!=true compute_uv!=true",
);
