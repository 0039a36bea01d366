/** The functions of `nn_attention.ts` as steps of graphs. */
import * as f from "../nn_attention.ts";
import { type Step, step } from "../step.ts";

export const dotProductAttention: Step<typeof f.dotProductAttention> = /* @__PURE__ */ step(
  f.dotProductAttention,
  "nn DotProductAttention query key value | bias=null mask=null scale=null is_causal!=false flash_attention!=null attn_logits_soft_cap!=null",
);
