/** The functions of `nn_losses.ts` as steps of graphs. */
import * as f from "../nn_losses.ts";
import { type Step, step } from "../step.ts";

export const binaryCrossentropy: Step<typeof f.binaryCrossentropy> = /* @__PURE__ */ step(
  f.binaryCrossentropy,
  "nn BinaryCrossentropy target output | from_logits!=false",
);
export const categoricalCrossentropy: Step<typeof f.categoricalCrossentropy> = /* @__PURE__ */ step(
  f.categoricalCrossentropy,
  "nn CategoricalCrossentropy target output | from_logits!=false axis!=-1",
);
export const moments: Step<typeof f.moments> = /* @__PURE__ */ step(
  f.moments,
  "nn Moments x axes! | keepdims!=false synchronized!=false",
);
export const multiHot: Step<typeof f.multiHot> = /* @__PURE__ */ step(
  f.multiHot,
  "nn MultiHot inputs num_classes!=null | axis!=-1 dtype!=null sparse!=false",
);
export const normalize: Step<typeof f.normalize> = /* @__PURE__ */ step(
  f.normalize,
  "nn Normalize x | axis!=-1 order!=2 epsilon!=null",
);
export const oneHot: Step<typeof f.oneHot> = /* @__PURE__ */ step(
  f.oneHot,
  "nn OneHot x num_classes! | axis!=-1 dtype!=null sparse!=false",
);
export const sparseCategoricalCrossentropy: Step<typeof f.sparseCategoricalCrossentropy> =
  /* @__PURE__ */ step(
    f.sparseCategoricalCrossentropy,
    "nn SparseCategoricalCrossentropy target output | from_logits!=false axis!=-1",
  );
