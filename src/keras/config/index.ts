/** `keras.config`: the global defaults, how many threads programs use, and whether code in files may run. */
export { getThreads, setThreads } from "../../engine/index.ts";
export { dtypePolicy } from "../dtype_policies/dtype_policy.ts";
export { setDtypePolicy } from "../dtype_policies/dtype_policy_map.ts";
export { enableUnsafeDeserialization } from "../saving/safe_mode.ts";
export { backend, isNnxEnabled, setBackend } from "./backend.ts";
export { epsilon, floatx, setEpsilon, setFloatx } from "./config.ts";
export { disableFlashAttention, enableFlashAttention, isFlashAttentionEnabled } from "./flash_attention.ts";
export { type DataFormat, imageDataFormat, setImageDataFormat } from "./image_data_format.ts";
export {
  disableInteractiveLogging,
  enableInteractiveLogging,
  isInteractiveLoggingEnabled,
} from "./interactive_logging.ts";
export { maxEpochs, maxStepsPerEpoch, setMaxEpochs, setMaxStepsPerEpoch } from "./limits.ts";
export {
  disableTracebackFiltering,
  enableTracebackFiltering,
  isTracebackFilteringEnabled,
} from "./traceback_filtering.ts";
