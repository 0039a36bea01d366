/** The functions of `nn_convolutions.ts` as steps of graphs. */
import * as f from "../nn_convolutions.ts";
import { type Step, step } from "../step.ts";

export const conv: Step<typeof f.conv> = /* @__PURE__ */ step(
  f.conv,
  'nn Conv inputs kernel | strides!=1 padding!="valid" data_format!=null dilation_rate!=1',
);
export const convTranspose: Step<typeof f.convTranspose> = /* @__PURE__ */ step(
  f.convTranspose,
  'nn ConvTranspose inputs kernel | strides!=1 padding!="valid" output_padding!=null data_format!=null dilation_rate!=1',
);
export const depthwiseConv: Step<typeof f.depthwiseConv> = /* @__PURE__ */ step(
  f.depthwiseConv,
  'nn DepthwiseConv inputs kernel | strides!=1 padding!="valid" data_format!=null dilation_rate!=1',
);
export const separableConv: Step<typeof f.separableConv> = /* @__PURE__ */ step(
  f.separableConv,
  'nn SeparableConv inputs depthwise_kernel pointwise_kernel | strides!=1 padding!="valid" data_format!=null dilation_rate!=1',
);
