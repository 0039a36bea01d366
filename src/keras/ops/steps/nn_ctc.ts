/** The function of `nn_ctc.ts` as a step of graphs. */
import * as f from "../nn_ctc.ts";
import { type Step, step } from "../step.ts";

export const ctcLoss: Step<typeof f.ctcLoss> = /* @__PURE__ */ step(
  f.ctcLoss,
  "nn CTCLoss target output target_length output_length | mask_index!=0",
);
