/** Mathematical functions as loop IR arithmetic. */
export * from "./arc.ts";
export * from "./erf.ts";
export { exp, expm1, logistic, tanh } from "./exp.ts";
export * from "./hyperbolic.ts";
export { log, log1p } from "./log.ts";
export * from "./ops.ts";
export * from "./power.ts";
export * from "./remainder.ts";
export * from "./threefry.ts";
export * from "./trig.ts";
