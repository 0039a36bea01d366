/** The functions of `numpy_shape.ts` as steps of graphs. */
import * as f from "../numpy_shape.ts";
import { type Step, step } from "../step.ts";

export const append: Step<typeof f.append> = /* @__PURE__ */ step(
  f.append,
  "numpy Append x1 x2 | axis!=null",
);
export const arraySplit: Step<typeof f.arraySplit> = /* @__PURE__ */ step(
  f.arraySplit,
  "numpy ArraySplit x indices_or_sections! | axis!=0",
);
export const broadcastTo: Step<typeof f.broadcastTo> = /* @__PURE__ */ step(
  f.broadcastTo,
  "numpy BroadcastTo x shape!",
);
export const concatenate: Step<typeof f.concatenate> = /* @__PURE__ */ step(
  f.concatenate,
  "numpy Concatenate xs | axis!=0",
);
export const dsplit: Step<typeof f.dsplit> = /* @__PURE__ */ step(
  f.dsplit,
  "numpy Dsplit x indices_or_sections!",
);
export const dstack: Step<typeof f.dstack> = /* @__PURE__ */ step(f.dstack, "numpy Dstack xs");
export const expandDims: Step<typeof f.expandDims> = /* @__PURE__ */ step(
  f.expandDims,
  "numpy ExpandDims x axis!",
);
export const flip: Step<typeof f.flip> = /* @__PURE__ */ step(f.flip, "numpy Flip x | axis!=null");
export const fliplr: Step<typeof f.fliplr> = /* @__PURE__ */ step(f.fliplr, "numpy Fliplr x");
export const flipud: Step<typeof f.flipud> = /* @__PURE__ */ step(f.flipud, "numpy Flipud x");
export const hsplit: Step<typeof f.hsplit> = /* @__PURE__ */ step(
  f.hsplit,
  "numpy Hsplit x indices_or_sections!",
);
export const hstack: Step<typeof f.hstack> = /* @__PURE__ */ step(f.hstack, "numpy Hstack xs");
export const moveaxis: Step<typeof f.moveaxis> = /* @__PURE__ */ step(
  f.moveaxis,
  "numpy Moveaxis x source! destination!",
);
export const ravel: Step<typeof f.ravel> = /* @__PURE__ */ step(f.ravel, "numpy Ravel x");
export const repeat: Step<typeof f.repeat> = /* @__PURE__ */ step(
  f.repeat,
  "numpy Repeat x repeats! | axis!=null",
);
export const reshape: Step<typeof f.reshape> = /* @__PURE__ */ step(f.reshape, "numpy Reshape x newshape!");
export const roll: Step<typeof f.roll> = /* @__PURE__ */ step(f.roll, "numpy Roll x shift! | axis!=null");
export const rot90: Step<typeof f.rot90> = /* @__PURE__ */ step(
  f.rot90,
  "numpy Rot90 array | k!=1 axes!=[0,1]",
);
export const split: Step<typeof f.split> = /* @__PURE__ */ step(
  f.split,
  "numpy Split x indices_or_sections! | axis!=0",
);
export const squeeze: Step<typeof f.squeeze> = /* @__PURE__ */ step(
  f.squeeze,
  "numpy Squeeze x | axis!=null",
);
export const stack: Step<typeof f.stack> = /* @__PURE__ */ step(f.stack, "numpy Stack x | axis!=0");
export const swapaxes: Step<typeof f.swapaxes> = /* @__PURE__ */ step(
  f.swapaxes,
  "numpy Swapaxes x axis1! axis2!",
);
export const tile: Step<typeof f.tile> = /* @__PURE__ */ step(f.tile, "numpy Tile x repeats!");
export const transpose: Step<typeof f.transpose> = /* @__PURE__ */ step(
  f.transpose,
  "numpy Transpose x | axes!=null",
);
export const unstack: Step<typeof f.unstack> = /* @__PURE__ */ step(
  f.unstack,
  "core Unstack x | num!=null axis!=0",
);
export const vsplit: Step<typeof f.vsplit> = /* @__PURE__ */ step(
  f.vsplit,
  "numpy Vsplit x indices_or_sections!",
);
export const vstack: Step<typeof f.vstack> = /* @__PURE__ */ step(f.vstack, "numpy Vstack xs");
