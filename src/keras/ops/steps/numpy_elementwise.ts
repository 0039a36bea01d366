/** The functions of `numpy_elementwise.ts` as steps of graphs. */
import * as f from "../numpy_elementwise.ts";
import { type Step, step } from "../step.ts";

export const absolute: Step<typeof f.absolute> = /* @__PURE__ */ step(f.absolute, "numpy Absolute x");
export const add: Step<typeof f.add> = /* @__PURE__ */ step(f.add, "numpy Add x1 x2");
export const angle: Step<typeof f.angle> = /* @__PURE__ */ step(f.angle, "numpy Angle x");
export const arccos: Step<typeof f.arccos> = /* @__PURE__ */ step(f.arccos, "numpy Arccos x");
export const arccosh: Step<typeof f.arccosh> = /* @__PURE__ */ step(f.arccosh, "numpy Arccosh x");
export const arcsin: Step<typeof f.arcsin> = /* @__PURE__ */ step(f.arcsin, "numpy Arcsin x");
export const arcsinh: Step<typeof f.arcsinh> = /* @__PURE__ */ step(f.arcsinh, "numpy Arcsinh x");
export const arctan: Step<typeof f.arctan> = /* @__PURE__ */ step(f.arctan, "numpy Arctan x");
export const arctan2: Step<typeof f.arctan2> = /* @__PURE__ */ step(f.arctan2, "numpy Arctan2 x1 x2");
export const arctanh: Step<typeof f.arctanh> = /* @__PURE__ */ step(f.arctanh, "numpy Arctanh x");
export const cbrt: Step<typeof f.cbrt> = /* @__PURE__ */ step(f.cbrt, "numpy Cbrt x");
export const ceil: Step<typeof f.ceil> = /* @__PURE__ */ step(f.ceil, "numpy Ceil x");
export const clip: Step<typeof f.clip> = /* @__PURE__ */ step(f.clip, "numpy Clip x x_min! x_max!");
export const conjugate: Step<typeof f.conjugate> = /* @__PURE__ */ step(f.conjugate, "numpy Conjugate x");
export const cos: Step<typeof f.cos> = /* @__PURE__ */ step(f.cos, "numpy Cos x");
export const cosh: Step<typeof f.cosh> = /* @__PURE__ */ step(f.cosh, "numpy Cosh x");
export const deg2rad: Step<typeof f.deg2rad> = /* @__PURE__ */ step(f.deg2rad, "numpy Deg2rad x");
export const divide: Step<typeof f.divide> = /* @__PURE__ */ step(f.divide, "numpy Divide x1 x2");
export const divideNoNan: Step<typeof f.divideNoNan> = /* @__PURE__ */ step(
  f.divideNoNan,
  "numpy DivideNoNan x1 x2",
);
export const exp: Step<typeof f.exp> = /* @__PURE__ */ step(f.exp, "numpy Exp x");
export const exp2: Step<typeof f.exp2> = /* @__PURE__ */ step(f.exp2, "numpy Exp2 x");
export const expm1: Step<typeof f.expm1> = /* @__PURE__ */ step(f.expm1, "numpy Expm1 x");
export const fabs: Step<typeof f.fabs> = /* @__PURE__ */ step(f.fabs, "numpy Fabs x");
export const floor: Step<typeof f.floor> = /* @__PURE__ */ step(f.floor, "numpy Floor x");
export const hypot: Step<typeof f.hypot> = /* @__PURE__ */ step(f.hypot, "numpy Hypot x1 x2");
export const imag: Step<typeof f.imag> = /* @__PURE__ */ step(f.imag, "numpy Imag x");
export const log: Step<typeof f.log> = /* @__PURE__ */ step(f.log, "numpy Log x");
export const log10: Step<typeof f.log10> = /* @__PURE__ */ step(f.log10, "numpy Log10 x");
export const log1p: Step<typeof f.log1p> = /* @__PURE__ */ step(f.log1p, "numpy Log1p x");
export const log2: Step<typeof f.log2> = /* @__PURE__ */ step(f.log2, "numpy Log2 x");
export const maximum: Step<typeof f.maximum> = /* @__PURE__ */ step(f.maximum, "numpy Maximum x1 x2");
export const minimum: Step<typeof f.minimum> = /* @__PURE__ */ step(f.minimum, "numpy Minimum x1 x2");
export const multiply: Step<typeof f.multiply> = /* @__PURE__ */ step(f.multiply, "numpy Multiply x1 x2");
export const negative: Step<typeof f.negative> = /* @__PURE__ */ step(f.negative, "numpy Negative x");
export const power: Step<typeof f.power> = /* @__PURE__ */ step(f.power, "numpy Power x1 x2");
export const rad2deg: Step<typeof f.rad2deg> = /* @__PURE__ */ step(f.rad2deg, "numpy Rad2deg x");
export const real: Step<typeof f.real> = /* @__PURE__ */ step(f.real, "numpy Real x");
export const reciprocal: Step<typeof f.reciprocal> = /* @__PURE__ */ step(f.reciprocal, "numpy Reciprocal x");
export const rsqrt: Step<typeof f.rsqrt> = /* @__PURE__ */ step(f.rsqrt, "math Rsqrt x");
export const sign: Step<typeof f.sign> = /* @__PURE__ */ step(f.sign, "numpy Sign x");
export const sin: Step<typeof f.sin> = /* @__PURE__ */ step(f.sin, "numpy Sin x");
export const sinh: Step<typeof f.sinh> = /* @__PURE__ */ step(f.sinh, "numpy Sinh x");
export const sqrt: Step<typeof f.sqrt> = /* @__PURE__ */ step(f.sqrt, "numpy Sqrt x");
export const square: Step<typeof f.square> = /* @__PURE__ */ step(f.square, "numpy Square x");
export const subtract: Step<typeof f.subtract> = /* @__PURE__ */ step(f.subtract, "numpy Subtract x1 x2");
export const tan: Step<typeof f.tan> = /* @__PURE__ */ step(f.tan, "numpy Tan x");
export const tanh: Step<typeof f.tanh> = /* @__PURE__ */ step(f.tanh, "numpy Tanh x");
export const trueDivide: Step<typeof f.trueDivide> = /* @__PURE__ */ step(
  f.trueDivide,
  "numpy TrueDivide x1 x2",
);

export { absolute as abs, conjugate as conj };
