/** `keras.config`: the global defaults, and how many threads programs use. */
export { getThreads, setThreads } from "../../engine/index.ts";
export { epsilon, floatx, setEpsilon, setFloatx } from "./config.ts";
