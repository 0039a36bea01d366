/** `keras.constraints`: what weights are made to fulfil after each update. */
export { Constraint } from "./constraint.ts";
export { type ConstraintLike, type ConstraintName, deserialize, get, serialize } from "./constraints.ts";
export { MaxNorm, MaxNorm as maxNorm, type NormOptions } from "./max_norm.ts";
export { MinMaxNorm, MinMaxNorm as minMaxNorm, type MinMaxNormOptions } from "./min_max_norm.ts";
export { NonNeg, NonNeg as nonNeg } from "./non_neg.ts";
export { UnitNorm, UnitNorm as unitNorm } from "./unit_norm.ts";
