/** The functions of `nn_pooling.ts` as steps of graphs. */
import * as f from "../nn_pooling.ts";
import { type Step, step } from "../step.ts";

export const adaptiveAveragePool: Step<typeof f.adaptiveAveragePool> = /* @__PURE__ */ step(
  f.adaptiveAveragePool,
  "nn AdaptiveAveragePool inputs output_size! | data_format!=null",
);
export const adaptiveMaxPool: Step<typeof f.adaptiveMaxPool> = /* @__PURE__ */ step(
  f.adaptiveMaxPool,
  "nn AdaptiveMaxPool inputs output_size! | data_format!=null",
);
export const averagePool: Step<typeof f.averagePool> = /* @__PURE__ */ step(
  f.averagePool,
  'nn AveragePool inputs pool_size! | strides!=null padding!="valid" data_format!=null',
);
export const maxPool: Step<typeof f.maxPool> = /* @__PURE__ */ step(
  f.maxPool,
  'nn MaxPool inputs pool_size! | strides!=null padding!="valid" data_format!=null',
);
