/** `keras.dtypePolicies`: the dtypes that layers compute with. */
export { AWQDTypePolicy } from "./awq_dtype_policy.ts";
export { DTypePolicy, type DTypePolicyName, FloatDTypePolicy } from "./dtype_policy.ts";
export {
  type DTypePolicyLike,
  DTypePolicyMap,
  deserialize,
  get,
  serialize,
} from "./dtype_policy_map.ts";
export { GPTQDTypePolicy } from "./gptq_dtype_policy.ts";
export { Int4DTypePolicy } from "./int4_dtype_policy.ts";
export { QuantizedDTypePolicy } from "./quantized_dtype_policy.ts";
export { QuantizedFloat8DTypePolicy } from "./quantized_float8_dtype_policy.ts";
export { TernaryDTypePolicy } from "./ternary_dtype_policy.ts";
