/** The functions of `math.ts` as steps of graphs. */
import * as f from "../math.ts";
import { type Step, step } from "../step.ts";

export const erf: Step<typeof f.erf> = /* @__PURE__ */ step(f.erf, "math Erf x");
export const erfc: Step<typeof f.erfc> = /* @__PURE__ */ step(f.erfc, "math Erfc x");
export const erfinv: Step<typeof f.erfinv> = /* @__PURE__ */ step(f.erfinv, "math Erfinv x");
export const extractSequences: Step<typeof f.extractSequences> = /* @__PURE__ */ step(
  f.extractSequences,
  "math ExtractSequences x sequence_length! sequence_stride!",
);
export const gammainc: Step<typeof f.gammainc> = /* @__PURE__ */ step(f.gammainc, "math Gammainc x1 x2");
export const logsumexp: Step<typeof f.logsumexp> = /* @__PURE__ */ step(
  f.logsumexp,
  "math Logsumexp x | axis!=null keepdims!=false",
);
export const segmentMax: Step<typeof f.segmentMax> = /* @__PURE__ */ step(
  f.segmentMax,
  "math SegmentMax data segment_ids | num_segments!=null sorted!=false",
);
export const segmentMin: Step<typeof f.segmentMin> = /* @__PURE__ */ step(
  f.segmentMin,
  "math SegmentMin data segment_ids | num_segments!=null sorted!=false",
);
export const segmentProd: Step<typeof f.segmentProd> = /* @__PURE__ */ step(
  f.segmentProd,
  "math SegmentProd data segment_ids | num_segments!=null sorted!=false",
);
export const segmentSum: Step<typeof f.segmentSum> = /* @__PURE__ */ step(
  f.segmentSum,
  "math SegmentSum data segment_ids | num_segments!=null sorted!=false",
);
