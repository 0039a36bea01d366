/** The functions of `numpy_sorting.ts` as steps of graphs. */
import * as f from "../numpy_sorting.ts";
import { type Step, step } from "../step.ts";

export const argpartition: Step<typeof f.argpartition> = /* @__PURE__ */ step(
  f.argpartition,
  "numpy Argpartition x kth! | axis!=-1",
);
export const argsort: Step<typeof f.argsort> = /* @__PURE__ */ step(f.argsort, "numpy Argsort x | axis!=-1");
export const bincount: Step<typeof f.bincount> = /* @__PURE__ */ step(
  f.bincount,
  "numpy Bincount x | weights!=null minlength!=0 sparse!=false",
);
export const digitize: Step<typeof f.digitize> = /* @__PURE__ */ step(f.digitize, "numpy Digitize x bins");
export const histogram: Step<typeof f.histogram> = /* @__PURE__ */ step(
  f.histogram,
  "numpy Histogram x | bins!=10 range!=null",
);
export const inTopK: Step<typeof f.inTopK> = /* @__PURE__ */ step(
  f.inTopK,
  "math InTopK targets predictions k!",
);
export const isin: Step<typeof f.isin> = /* @__PURE__ */ step(
  f.isin,
  "numpy IsIn x1 x2 | assume_unique!=false invert!=false",
);
export const median: Step<typeof f.median> = /* @__PURE__ */ step(
  f.median,
  "numpy Median x | axis!=null keepdims!=false",
);
export const nanmedian: Step<typeof f.nanmedian> = /* @__PURE__ */ step(
  f.nanmedian,
  "numpy Nanmedian x | axis!=null keepdims!=false",
);
export const nanpercentile: Step<typeof f.nanpercentile> = /* @__PURE__ */ step(
  f.nanpercentile,
  'numpy Nanpercentile x q | axis!=null method!="linear" keepdims!=false',
);
export const nanquantile: Step<typeof f.nanquantile> = /* @__PURE__ */ step(
  f.nanquantile,
  'numpy Nanquantile x q | axis!=null method!="linear" keepdims!=false',
);
export const percentile: Step<typeof f.percentile> = /* @__PURE__ */ step(
  f.percentile,
  'numpy Percentile x q | axis!=null method!="linear" keepdims!=false',
);
export const quantile: Step<typeof f.quantile> = /* @__PURE__ */ step(
  f.quantile,
  'numpy Quantile x q | axis!=null method!="linear" keepdims!=false',
);
export const searchsorted: Step<typeof f.searchsorted> = /* @__PURE__ */ step(
  f.searchsorted,
  'numpy SearchSorted sorted_sequence values | side!="left"',
);
export const sort: Step<typeof f.sort> = /* @__PURE__ */ step(f.sort, "numpy Sort x | axis!=-1");
export const topK: Step<typeof f.topK> = /* @__PURE__ */ step(f.topK, "math TopK x k! | sorted!=true");
