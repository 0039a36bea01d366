/** `keras.regularizers`: penalties on weights and outputs. */
export { L1 } from "./l1.ts";
export { L1L2, type L1L2Options } from "./l1_l2.ts";
export { L2 } from "./l2.ts";
export { OrthogonalRegularizer, type OrthogonalRegularizerOptions } from "./orthogonal_regularizer.ts";
export { Regularizer } from "./regularizer.ts";
export { deserialize, get, type RegularizerLike, type RegularizerName, serialize } from "./regularizers.ts";
