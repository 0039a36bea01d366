/** The functions of `linalg_triangular.ts` as steps of graphs. */
import * as f from "../linalg_triangular.ts";
import { type Step, step } from "../step.ts";

export const cholesky: Step<typeof f.cholesky> = /* @__PURE__ */ step(
  f.cholesky,
  "linalg Cholesky x | upper!=false",
);
export const choleskyInverse: Step<typeof f.choleskyInverse> = /* @__PURE__ */ step(
  f.choleskyInverse,
  "linalg CholeskyInverse x | upper!=false",
);
export const solveTriangular: Step<typeof f.solveTriangular> = /* @__PURE__ */ step(
  f.solveTriangular,
  "linalg SolveTriangular a b | lower!=false",
);
