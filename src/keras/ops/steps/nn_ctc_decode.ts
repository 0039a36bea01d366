/** The function of `nn_ctc_decode.ts` as a step of graphs. */
import * as f from "../nn_ctc_decode.ts";
import { type Step, step } from "../step.ts";

export const ctcDecode: Step<typeof f.ctcDecode> = /* @__PURE__ */ step(
  f.ctcDecode,
  'nn CTCDecode inputs sequence_lengths | strategy!="greedy" beam_width!=100 top_paths!=1 merge_repeated!=true mask_index!=0',
);
