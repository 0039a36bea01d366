/** The functions of `numpy_creation.ts` as steps of graphs. */
import * as f from "../numpy_creation.ts";
import { type Step, step } from "../step.ts";

export const array: Step<typeof f.array> = /* @__PURE__ */ step(f.array, "numpy Array x | dtype!=null");
export const copy: Step<typeof f.copy> = /* @__PURE__ */ step(f.copy, "numpy Copy x");
export const emptyLike: Step<typeof f.emptyLike> = /* @__PURE__ */ step(
  f.emptyLike,
  "numpy EmptyLike x | dtype!=null",
);
export const fullLike: Step<typeof f.fullLike> = /* @__PURE__ */ step(
  f.fullLike,
  "numpy FullLike x fill_value | dtype!=null",
);
export const geomspace: Step<typeof f.geomspace> = /* @__PURE__ */ step(
  f.geomspace,
  "numpy Geomspace start stop | num!=50 endpoint!=true dtype!=null axis!=0",
);
export const linspace: Step<typeof f.linspace> = /* @__PURE__ */ step(
  f.linspace,
  "numpy Linspace start stop | num!=50 endpoint!=true retstep!=false dtype!=null axis!=0",
);
export const logspace: Step<typeof f.logspace> = /* @__PURE__ */ step(
  f.logspace,
  "numpy Logspace start stop | num!=50 endpoint!=true base!=10 dtype!=null axis!=0",
);
export const meshgrid: Step<typeof f.meshgrid> = /* @__PURE__ */ step(
  f.meshgrid,
  'numpy Meshgrid *x | indexing!="xy"',
);
export const onesLike: Step<typeof f.onesLike> = /* @__PURE__ */ step(
  f.onesLike,
  "numpy OnesLike x | dtype!=null",
);
export const zerosLike: Step<typeof f.zerosLike> = /* @__PURE__ */ step(
  f.zerosLike,
  "numpy ZerosLike x | dtype!=null",
);
