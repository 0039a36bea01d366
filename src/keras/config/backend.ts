/** Which backend computes, by its name. */
import { type BackendName, backend as engineBackend } from "../../engine/index.ts";

export { setBackend } from "../../engine/index.ts";

/**
 * The name of the backend that programs run on: `"wasm"` (the default) or `"reference"`.
 *
 * @example
 * ```ts
 * keras.config.backend(); // → "wasm"
 * ```
 */
export function backend(): BackendName {
  return engineBackend().name as BackendName;
}

/**
 * Whether layers are modules of Flax's NNX, which Keras can do on JAX: never.
 *
 * @example
 * ```ts
 * keras.config.isNnxEnabled(); // → false
 * ```
 */
export function isNnxEnabled(): boolean {
  return false;
}
