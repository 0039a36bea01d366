/** The functions of `core.ts` as steps of graphs. */
import * as f from "../core.ts";
import { type Step, step } from "../step.ts";

export const cast: Step<typeof f.cast> = /* @__PURE__ */ step(f.cast, "core Cast x dtype!");
export const convertToTensor: Step<typeof f.convertToTensor> = /* @__PURE__ */ step(
  f.convertToTensor,
  "core ConvertToTensor x | dtype!=null sparse!=null ragged!=null",
);
export const foriLoop: Step<typeof f.foriLoop> = /* @__PURE__ */ step(
  f.foriLoop,
  "core ForiLoop lower! upper! body_fun! init_val",
);
export const saturateCast: Step<typeof f.saturateCast> = /* @__PURE__ */ step(
  f.saturateCast,
  "core SaturateCast x dtype!",
);
export const scatter: Step<typeof f.scatter> = /* @__PURE__ */ step(
  f.scatter,
  "core Scatter indices values shape!",
);
export const scatterUpdate: Step<typeof f.scatterUpdate> = /* @__PURE__ */ step(
  f.scatterUpdate,
  "core ScatterUpdate inputs indices updates | reduction!=null",
);
export const slice: Step<typeof f.slice> = /* @__PURE__ */ step(
  f.slice,
  "core Slice inputs start_indices shape!",
);
export const sliceUpdate: Step<typeof f.sliceUpdate> = /* @__PURE__ */ step(
  f.sliceUpdate,
  "core SliceUpdate inputs start_indices updates",
);
export const stopGradient: Step<typeof f.stopGradient> = /* @__PURE__ */ step(
  f.stopGradient,
  "core StopGradient variable",
);
export const view: Step<typeof f.view> = /* @__PURE__ */ step(f.view, "numpy View x | dtype!=null");
