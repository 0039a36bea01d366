/** The functions of `numpy_logic.ts` as steps of graphs. */
import * as f from "../numpy_logic.ts";
import { type Step, step } from "../step.ts";

export const allclose: Step<typeof f.allclose> = /* @__PURE__ */ step(
  f.allclose,
  "numpy AllClose x1 x2 | rtol!=0.00001 atol!=1e-8 equal_nan!=false",
);
export const bitwiseAnd: Step<typeof f.bitwiseAnd> = /* @__PURE__ */ step(
  f.bitwiseAnd,
  "numpy BitwiseAnd x y",
);
export const bitwiseInvert: Step<typeof f.bitwiseInvert> = /* @__PURE__ */ step(
  f.bitwiseInvert,
  "numpy BitwiseInvert x",
);
export const bitwiseLeftShift: Step<typeof f.bitwiseLeftShift> = /* @__PURE__ */ step(
  f.bitwiseLeftShift,
  "numpy BitwiseLeftShift x y",
);
export const bitwiseNot: Step<typeof f.bitwiseNot> = /* @__PURE__ */ step(f.bitwiseNot, "numpy BitwiseNot x");
export const bitwiseOr: Step<typeof f.bitwiseOr> = /* @__PURE__ */ step(f.bitwiseOr, "numpy BitwiseOr x y");
export const bitwiseRightShift: Step<typeof f.bitwiseRightShift> = /* @__PURE__ */ step(
  f.bitwiseRightShift,
  "numpy BitwiseRightShift x y",
);
export const bitwiseXor: Step<typeof f.bitwiseXor> = /* @__PURE__ */ step(
  f.bitwiseXor,
  "numpy BitwiseXor x y",
);
export const equal: Step<typeof f.equal> = /* @__PURE__ */ step(f.equal, "numpy Equal x1 x2");
export const greater: Step<typeof f.greater> = /* @__PURE__ */ step(f.greater, "numpy Greater x1 x2");
export const greaterEqual: Step<typeof f.greaterEqual> = /* @__PURE__ */ step(
  f.greaterEqual,
  "numpy GreaterEqual x1 x2",
);
export const isclose: Step<typeof f.isclose> = /* @__PURE__ */ step(
  f.isclose,
  "numpy Isclose x1 x2 | rtol=0.00001 atol=1e-8 equal_nan!=false",
);
export const isfinite: Step<typeof f.isfinite> = /* @__PURE__ */ step(f.isfinite, "numpy Isfinite x");
export const isinf: Step<typeof f.isinf> = /* @__PURE__ */ step(f.isinf, "numpy Isinf x");
export const isnan: Step<typeof f.isnan> = /* @__PURE__ */ step(f.isnan, "numpy Isnan x");
export const isneginf: Step<typeof f.isneginf> = /* @__PURE__ */ step(f.isneginf, "numpy Isneginf x");
export const isposinf: Step<typeof f.isposinf> = /* @__PURE__ */ step(f.isposinf, "numpy Isposinf x");
export const isreal: Step<typeof f.isreal> = /* @__PURE__ */ step(f.isreal, "numpy Isreal x");
export const leftShift: Step<typeof f.leftShift> = /* @__PURE__ */ step(f.leftShift, "numpy LeftShift x y");
export const less: Step<typeof f.less> = /* @__PURE__ */ step(f.less, "numpy Less x1 x2");
export const lessEqual: Step<typeof f.lessEqual> = /* @__PURE__ */ step(f.lessEqual, "numpy LessEqual x1 x2");
export const logicalAnd: Step<typeof f.logicalAnd> = /* @__PURE__ */ step(
  f.logicalAnd,
  "numpy LogicalAnd x1 x2",
);
export const logicalNot: Step<typeof f.logicalNot> = /* @__PURE__ */ step(f.logicalNot, "numpy LogicalNot x");
export const logicalOr: Step<typeof f.logicalOr> = /* @__PURE__ */ step(f.logicalOr, "numpy LogicalOr x1 x2");
export const logicalXor: Step<typeof f.logicalXor> = /* @__PURE__ */ step(
  f.logicalXor,
  "numpy LogicalXor x1 x2",
);
export const notEqual: Step<typeof f.notEqual> = /* @__PURE__ */ step(f.notEqual, "numpy NotEqual x1 x2");
export const rightShift: Step<typeof f.rightShift> = /* @__PURE__ */ step(
  f.rightShift,
  "numpy RightShift x y",
);
export const signbit: Step<typeof f.signbit> = /* @__PURE__ */ step(f.signbit, "numpy Signbit x");
