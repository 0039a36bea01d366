/** The functions of `nn_activations.ts` as steps of graphs. */
import * as f from "../nn_activations.ts";
import { type Step, step } from "../step.ts";

export const celu: Step<typeof f.celu> = /* @__PURE__ */ step(f.celu, "nn Celu x | alpha!=1");
export const elu: Step<typeof f.elu> = /* @__PURE__ */ step(f.elu, "nn Elu x | alpha!=1");
export const gelu: Step<typeof f.gelu> = /* @__PURE__ */ step(f.gelu, "nn Gelu x | approximate!=true");
export const glu: Step<typeof f.glu> = /* @__PURE__ */ step(f.glu, "nn Glu x | axis!=-1");
export const hardShrink: Step<typeof f.hardShrink> = /* @__PURE__ */ step(
  f.hardShrink,
  "nn HardShrink x | threshold!=0.5",
);
export const hardSigmoid: Step<typeof f.hardSigmoid> = /* @__PURE__ */ step(
  f.hardSigmoid,
  "nn HardSigmoid x",
);
export const hardSilu: Step<typeof f.hardSilu> = /* @__PURE__ */ step(f.hardSilu, "nn HardSilu x");
export const hardTanh: Step<typeof f.hardTanh> = /* @__PURE__ */ step(f.hardTanh, "nn HardTanh x");
export const leakyRelu: Step<typeof f.leakyRelu> = /* @__PURE__ */ step(
  f.leakyRelu,
  "nn LeakyRelu x | negative_slope!=0.2",
);
export const logSigmoid: Step<typeof f.logSigmoid> = /* @__PURE__ */ step(f.logSigmoid, "nn LogSigmoid x");
export const logSoftmax: Step<typeof f.logSoftmax> = /* @__PURE__ */ step(
  f.logSoftmax,
  "nn LogSoftmax x | axis!=-1",
);
export const relu: Step<typeof f.relu> = /* @__PURE__ */ step(f.relu, "nn Relu x");
export const relu6: Step<typeof f.relu6> = /* @__PURE__ */ step(f.relu6, "nn Relu6 x");
export const selu: Step<typeof f.selu> = /* @__PURE__ */ step(f.selu, "nn Selu x");
export const sigmoid: Step<typeof f.sigmoid> = /* @__PURE__ */ step(f.sigmoid, "nn Sigmoid x");
export const silu: Step<typeof f.silu> = /* @__PURE__ */ step(f.silu, "nn Silu x");
export const softmax: Step<typeof f.softmax> = /* @__PURE__ */ step(f.softmax, "nn Softmax x | axis!=-1");
export const softplus: Step<typeof f.softplus> = /* @__PURE__ */ step(f.softplus, "nn Softplus x");
export const softShrink: Step<typeof f.softShrink> = /* @__PURE__ */ step(
  f.softShrink,
  "nn SoftShrink x | threshold!=0.5",
);
export const softsign: Step<typeof f.softsign> = /* @__PURE__ */ step(f.softsign, "nn Softsign x");
export const sparsemax: Step<typeof f.sparsemax> = /* @__PURE__ */ step(
  f.sparsemax,
  "nn Sparsemax x | axis!=-1",
);
export const sparsePlus: Step<typeof f.sparsePlus> = /* @__PURE__ */ step(f.sparsePlus, "nn SparsePlus x");
export const sparseSigmoid: Step<typeof f.sparseSigmoid> = /* @__PURE__ */ step(
  f.sparseSigmoid,
  "nn SparseSigmoid x",
);
export const squareplus: Step<typeof f.squareplus> = /* @__PURE__ */ step(
  f.squareplus,
  "nn Squareplus x | b!=4",
);
export const tanhShrink: Step<typeof f.tanhShrink> = /* @__PURE__ */ step(f.tanhShrink, "nn TanhShrink x");
export const threshold: Step<typeof f.threshold> = /* @__PURE__ */ step(
  f.threshold,
  "nn Threshold x threshold! default_value!",
);

export { hardSilu as hardSwish, silu as swish };
