/** The functions of `numpy_linear.ts` as steps of graphs. */
import * as f from "../numpy_linear.ts";
import { type Step, step } from "../step.ts";

export const cdist: Step<typeof f.cdist> = /* @__PURE__ */ step(f.cdist, "math CDist x y");
export const corrcoef: Step<typeof f.corrcoef> = /* @__PURE__ */ step(f.corrcoef, "numpy Corrcoef x");
export const correlate: Step<typeof f.correlate> = /* @__PURE__ */ step(
  f.correlate,
  'numpy Correlate x1 x2 | mode!="valid"',
);
export const cross: Step<typeof f.cross> = /* @__PURE__ */ step(
  f.cross,
  "numpy Cross x1 x2 | axisa!=-1 axisb!=-1 axisc!=-1 axis!=null",
);
export const dot: Step<typeof f.dot> = /* @__PURE__ */ step(f.dot, "numpy Dot x1 x2");
export const einsum: Step<typeof f.einsum> = /* @__PURE__ */ step(
  f.einsum,
  "numpy Einsum subscripts! *operands",
);
export const inner: Step<typeof f.inner> = /* @__PURE__ */ step(f.inner, "numpy Inner x1 x2");
export const kron: Step<typeof f.kron> = /* @__PURE__ */ step(f.kron, "numpy Kron x1 x2");
export const matmul: Step<typeof f.matmul> = /* @__PURE__ */ step(f.matmul, "numpy Matmul x1 x2");
export const outer: Step<typeof f.outer> = /* @__PURE__ */ step(f.outer, "numpy Outer x1 x2");
export const tensordot: Step<typeof f.tensordot> = /* @__PURE__ */ step(
  f.tensordot,
  "numpy Tensordot x1 x2 | axes!=2",
);
export const trapezoid: Step<typeof f.trapezoid> = /* @__PURE__ */ step(
  f.trapezoid,
  "numpy Trapezoid y | x!=null dx!=1 axis!=-1",
);
export const vander: Step<typeof f.vander> = /* @__PURE__ */ step(
  f.vander,
  "numpy Vander x | N!=null increasing!=false",
);
export const vdot: Step<typeof f.vdot> = /* @__PURE__ */ step(f.vdot, "numpy Vdot x1 x2");
