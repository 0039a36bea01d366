/** The functions of `numpy_special.ts` as steps of graphs. */
import * as f from "../numpy_special.ts";
import { type Step, step } from "../step.ts";

export const fmax: Step<typeof f.fmax> = /* @__PURE__ */ step(f.fmax, "numpy Fmax x1 x2");
export const fmin: Step<typeof f.fmin> = /* @__PURE__ */ step(f.fmin, "numpy Fmin x1 x2");
export const heaviside: Step<typeof f.heaviside> = /* @__PURE__ */ step(f.heaviside, "numpy Heaviside x1 x2");
export const i0: Step<typeof f.i0> = /* @__PURE__ */ step(f.i0, "numpy I0 x");
export const ldexp: Step<typeof f.ldexp> = /* @__PURE__ */ step(f.ldexp, "numpy Ldexp x1 x2");
export const logaddexp: Step<typeof f.logaddexp> = /* @__PURE__ */ step(f.logaddexp, "numpy Logaddexp x1 x2");
export const logaddexp2: Step<typeof f.logaddexp2> = /* @__PURE__ */ step(
  f.logaddexp2,
  "numpy Logaddexp2 x1 x2",
);
export const nanToNum: Step<typeof f.nanToNum> = /* @__PURE__ */ step(
  f.nanToNum,
  "numpy NanToNum x | nan!=0 posinf!=null neginf!=null",
);
export const nextafter: Step<typeof f.nextafter> = /* @__PURE__ */ step(f.nextafter, "numpy Nextafter x1 x2");
export const sinc: Step<typeof f.sinc> = /* @__PURE__ */ step(f.sinc, "numpy Sinc x");
