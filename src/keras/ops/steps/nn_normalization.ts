/** The functions of `nn_normalization.ts` as steps of graphs. */
import * as f from "../nn_normalization.ts";
import { type Step, step } from "../step.ts";

export const batchNormalization: Step<typeof f.batchNormalization> = /* @__PURE__ */ step(
  f.batchNormalization,
  "nn BatchNorm x mean variance axis! | offset=null scale=null epsilon!=0.001",
);
export const layerNormalization: Step<typeof f.layerNormalization> = /* @__PURE__ */ step(
  f.layerNormalization,
  "nn LayerNorm x | gamma=null beta=null axis!=-1 epsilon!=null",
);
export const rmsNormalization: Step<typeof f.rmsNormalization> = /* @__PURE__ */ step(
  f.rmsNormalization,
  "nn RMSNorm x | scale=null axis!=-1 epsilon!=null",
);
