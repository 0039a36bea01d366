/** The functions of `numpy_pad.ts` as steps of graphs. */
import * as f from "../numpy_pad.ts";
import { type Step, step } from "../step.ts";

export const pad: Step<typeof f.pad> = /* @__PURE__ */ step(
  f.pad,
  'numpy Pad x pad_width! | mode!="constant" constant_values=null',
);
