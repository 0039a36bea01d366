/** The functions of `numpy_reductions.ts` as steps of graphs. */
import * as f from "../numpy_reductions.ts";
import { type Step, step } from "../step.ts";

export const all: Step<typeof f.all> = /* @__PURE__ */ step(
  f.all,
  "numpy All x | axis!=null keepdims!=false",
);
export const amax: Step<typeof f.amax> = /* @__PURE__ */ step(
  f.amax,
  "numpy Amax x | axis!=null keepdims!=false",
);
export const amin: Step<typeof f.amin> = /* @__PURE__ */ step(
  f.amin,
  "numpy Amin x | axis!=null keepdims!=false",
);
export const any: Step<typeof f.any> = /* @__PURE__ */ step(
  f.any,
  "numpy Any x | axis!=null keepdims!=false",
);
export const argmax: Step<typeof f.argmax> = /* @__PURE__ */ step(
  f.argmax,
  "numpy Argmax x | axis!=null keepdims!=false",
);
export const argmin: Step<typeof f.argmin> = /* @__PURE__ */ step(
  f.argmin,
  "numpy Argmin x | axis!=null keepdims!=false",
);
export const average: Step<typeof f.average> = /* @__PURE__ */ step(
  f.average,
  "numpy Average x | axis!=null weights=null",
);
export const countNonzero: Step<typeof f.countNonzero> = /* @__PURE__ */ step(
  f.countNonzero,
  "numpy CountNonzero x | axis!=null",
);
export const cumprod: Step<typeof f.cumprod> = /* @__PURE__ */ step(
  f.cumprod,
  "numpy Cumprod x | axis!=null dtype!=null",
);
export const cumsum: Step<typeof f.cumsum> = /* @__PURE__ */ step(
  f.cumsum,
  "numpy Cumsum x | axis!=null dtype!=null",
);
export const diff: Step<typeof f.diff> = /* @__PURE__ */ step(f.diff, "numpy Diff a | n!=1 axis!=-1");
export const max: Step<typeof f.max> = /* @__PURE__ */ step(
  f.max,
  "numpy Max x | axis!=null keepdims!=false initial!=null",
);
export const mean: Step<typeof f.mean> = /* @__PURE__ */ step(
  f.mean,
  "numpy Mean x | axis!=null keepdims!=false",
);
export const min: Step<typeof f.min> = /* @__PURE__ */ step(
  f.min,
  "numpy Min x | axis!=null keepdims!=false initial!=null",
);
export const prod: Step<typeof f.prod> = /* @__PURE__ */ step(
  f.prod,
  "numpy Prod x | axis!=null keepdims!=false dtype!=null",
);
export const ptp: Step<typeof f.ptp> = /* @__PURE__ */ step(
  f.ptp,
  "numpy Ptp x | axis!=null keepdims!=false",
);
export const std: Step<typeof f.std> = /* @__PURE__ */ step(
  f.std,
  "numpy Std x | axis!=null keepdims!=false",
);
export const sum: Step<typeof f.sum> = /* @__PURE__ */ step(
  f.sum,
  "numpy Sum x | axis!=null keepdims!=false",
);
const variance: Step<typeof f.var> = /* @__PURE__ */ step(f.var, "numpy Var x | axis!=null keepdims!=false");

export { variance as var };
