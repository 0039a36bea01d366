/** How losses are written. */
import type { Config } from "../saving/config.ts";
import { getRegisteredName } from "../saving/object_registration.ts";
import { type SerializedObject, serializeObject } from "../saving/registry.ts";
import { functionName } from "./function_names.ts";
import { Loss } from "./loss.ts";
import type { LossFunction } from "./loss_function_wrapper.ts";

/** A function as Keras writes it into a config. */
export function serializeFunction(fn: { readonly name: string }): SerializedObject {
  const name = functionName(fn) ?? getRegisteredName(fn);
  // Where objects have their config, functions have their name.
  return {
    module: "builtins",
    class_name: "function",
    config: name as unknown as Config,
    registered_name: "function",
  };
}

/**
 * A loss as Keras writes it into a config.
 *
 * @example
 * ```ts
 * losses.serialize(new losses.MeanSquaredError()).class_name; // → MeanSquaredError
 * ```
 */
export function serialize(loss: Loss | LossFunction): SerializedObject {
  if (!(loss instanceof Loss)) return serializeFunction(loss);
  const { config, ...rest } = serializeObject(loss, "keras.losses");
  return {
    ...rest,
    config: "fn" in config ? { ...config, fn: serializeFunction(config["fn"] as LossFunction) } : config,
  };
}
