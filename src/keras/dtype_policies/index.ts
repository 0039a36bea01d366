/** `keras.dtypePolicies`: the dtypes that layers compute with. */
export { DTypePolicy, type DTypePolicyLike, get, serialize } from "./dtype_policy.ts";
