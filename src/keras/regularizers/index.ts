/** `keras.regularizers`: penalties on weights and outputs. */
export { L1, L1 as l1 } from "./l1.ts";
export { L1L2, L1L2 as l1L2, type L1L2Options } from "./l1_l2.ts";
export { L2, L2 as l2 } from "./l2.ts";
export {
  OrthogonalRegularizer,
  OrthogonalRegularizer as orthogonalRegularizer,
  type OrthogonalRegularizerOptions,
} from "./orthogonal_regularizer.ts";
export { Regularizer } from "./regularizer.ts";
export { deserialize, get, type RegularizerLike, type RegularizerName, serialize } from "./regularizers.ts";
