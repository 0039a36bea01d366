/** The functions of `numpy_indexing.ts` as steps of graphs. */
import * as f from "../numpy_indexing.ts";
import { type Step, step } from "../step.ts";

export const select: Step<typeof f.select> = /* @__PURE__ */ step(
  f.select,
  "numpy Select condlist choicelist | default=0",
);
export const take: Step<typeof f.take> = /* @__PURE__ */ step(f.take, "numpy Take x indices | axis!=null");
export const takeAlongAxis: Step<typeof f.takeAlongAxis> = /* @__PURE__ */ step(
  f.takeAlongAxis,
  "numpy TakeAlongAxis x indices | axis!=null",
);
export const unravelIndex: Step<typeof f.unravelIndex> = /* @__PURE__ */ step(
  f.unravelIndex,
  "numpy UnravelIndex indices shape!",
);
export const where: Step<typeof f.where> = /* @__PURE__ */ step(
  f.where,
  "numpy Where condition x1=null x2=null",
);
