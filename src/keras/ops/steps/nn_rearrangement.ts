/** The functions of `nn_rearrangement.ts` as steps of graphs. */
import * as f from "../nn_rearrangement.ts";
import { type Step, step } from "../step.ts";

export const depthToSpace: Step<typeof f.depthToSpace> = /* @__PURE__ */ step(
  f.depthToSpace,
  'nn DepthToSpace x block_size! | data_format!="channels_last"',
);
export const fold: Step<typeof f.fold> = /* @__PURE__ */ step(
  f.fold,
  "nn Fold x output_size! kernel_size! | dilation!=1 padding!=0 stride!=1",
);
export const psnr: Step<typeof f.psnr> = /* @__PURE__ */ step(f.psnr, "nn PSNR x1 x2 max_val!");
export const spaceToDepth: Step<typeof f.spaceToDepth> = /* @__PURE__ */ step(
  f.spaceToDepth,
  'nn SpaceToDepth x block_size! | data_format!="channels_last"',
);
export const unfold: Step<typeof f.unfold> = /* @__PURE__ */ step(
  f.unfold,
  "nn Unfold x kernel_size! | dilation!=1 padding!=0 stride!=1",
);
