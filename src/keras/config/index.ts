/** `keras.config`: the global defaults, how many threads programs use, and whether code in files may run. */
export { getThreads, setThreads } from "../../engine/index.ts";
export { dtypePolicy } from "../dtype_policies/dtype_policy.ts";
export { setDtypePolicy } from "../dtype_policies/dtype_policy_map.ts";
export { enableUnsafeDeserialization } from "../saving/safe_mode.ts";
export { epsilon, floatx, setEpsilon, setFloatx } from "./config.ts";
