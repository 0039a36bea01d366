/** `keras.config`: the global defaults. */
export { epsilon, floatx, setEpsilon, setFloatx } from "./config.ts";
