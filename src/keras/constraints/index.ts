/** `keras.constraints`: what weights are made to fulfil after each update. */
export { Constraint } from "./constraint.ts";
export { type ConstraintLike, type ConstraintName, deserialize, get, serialize } from "./constraints.ts";
export { MaxNorm, type NormOptions } from "./max_norm.ts";
export { MinMaxNorm, type MinMaxNormOptions } from "./min_max_norm.ts";
export { NonNeg } from "./non_neg.ts";
export { UnitNorm } from "./unit_norm.ts";
