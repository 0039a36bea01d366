/** The functions of `numpy_nan.ts` as steps of graphs. */
import * as f from "../numpy_nan.ts";
import { type Step, step } from "../step.ts";

export const nanargmax: Step<typeof f.nanargmax> = /* @__PURE__ */ step(
  f.nanargmax,
  "numpy Nanargmax x | axis!=null keepdims!=false",
);
export const nanargmin: Step<typeof f.nanargmin> = /* @__PURE__ */ step(
  f.nanargmin,
  "numpy Nanargmin x | axis!=null keepdims!=false",
);
export const nancumprod: Step<typeof f.nancumprod> = /* @__PURE__ */ step(
  f.nancumprod,
  "numpy Nancumprod x | axis!=null dtype!=null",
);
export const nancumsum: Step<typeof f.nancumsum> = /* @__PURE__ */ step(
  f.nancumsum,
  "numpy Nancumsum x | axis!=null dtype!=null",
);
export const nanmax: Step<typeof f.nanmax> = /* @__PURE__ */ step(
  f.nanmax,
  "numpy Nanmax x | axis!=null keepdims!=false",
);
export const nanmean: Step<typeof f.nanmean> = /* @__PURE__ */ step(
  f.nanmean,
  "numpy Nanmean x | axis!=null keepdims!=false",
);
export const nanmin: Step<typeof f.nanmin> = /* @__PURE__ */ step(
  f.nanmin,
  "numpy Nanmin x | axis!=null keepdims!=false",
);
export const nanprod: Step<typeof f.nanprod> = /* @__PURE__ */ step(
  f.nanprod,
  "numpy Nanprod x | axis!=null keepdims!=false",
);
export const nanstd: Step<typeof f.nanstd> = /* @__PURE__ */ step(
  f.nanstd,
  "numpy Nanstd x | axis!=null keepdims!=false",
);
export const nansum: Step<typeof f.nansum> = /* @__PURE__ */ step(
  f.nansum,
  "numpy Nansum x | axis!=null keepdims!=false",
);
export const nanvar: Step<typeof f.nanvar> = /* @__PURE__ */ step(
  f.nanvar,
  "numpy Nanvar x | axis!=null keepdims!=false",
);
