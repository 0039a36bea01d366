/** The functions of `numpy_rounding.ts` as steps of graphs. */
import * as f from "../numpy_rounding.ts";
import { type Step, step } from "../step.ts";

export const floorDivide: Step<typeof f.floorDivide> = /* @__PURE__ */ step(
  f.floorDivide,
  "numpy FloorDivide x1 x2",
);
export const fmod: Step<typeof f.fmod> = /* @__PURE__ */ step(f.fmod, "numpy Fmod x1 x2");
export const gcd: Step<typeof f.gcd> = /* @__PURE__ */ step(f.gcd, "numpy Gcd x1 x2");
export const lcm: Step<typeof f.lcm> = /* @__PURE__ */ step(f.lcm, "numpy Lcm x1 x2");
export const mod: Step<typeof f.mod> = /* @__PURE__ */ step(f.mod, "numpy Mod x1 x2");
export const round: Step<typeof f.round> = /* @__PURE__ */ step(f.round, "numpy Round x | decimals!=0");
export const trunc: Step<typeof f.trunc> = /* @__PURE__ */ step(f.trunc, "numpy Trunc x");
