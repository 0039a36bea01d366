/** The functions of `nn_ctc.ts` as steps of graphs. */
import * as f from "../nn_ctc.ts";
import { type Step, step } from "../step.ts";

export const ctcDecode: Step<typeof f.ctcDecode> = /* @__PURE__ */ step(
  f.ctcDecode,
  'nn CTCDecode inputs sequence_lengths | strategy!="greedy" beam_width!=100 top_paths!=1 merge_repeated!=true mask_index!=0',
);
export const ctcLoss: Step<typeof f.ctcLoss> = /* @__PURE__ */ step(
  f.ctcLoss,
  "nn CTCLoss target output target_length output_length | mask_index!=0",
);
