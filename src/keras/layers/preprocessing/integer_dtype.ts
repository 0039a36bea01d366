/** Keras's int64, which layers of categories have by default; here whole numbers are int32. */
import type { LayerOptions } from "../layer_options.ts";

/** Whether a dtype or policy, also one in Keras's JSON, is int64. */
function isInt64(dtype: unknown): boolean {
  if (dtype === "int64") return true;
  const { config } = (typeof dtype === "object" && dtype !== null ? dtype : {}) as {
    config?: { name?: unknown };
  };
  return config?.name === "int64";
}

/**
 * Options with int32 in place of int64.
 *
 * @param fallback the dtype where none is given
 * @returns the options, and the name of the dtype for the config where it is int64
 */
export function withInt32<O extends LayerOptions>(options: O, fallback: "int64" | null): [O, "int64" | null] {
  const dtype: unknown = options.dtype ?? fallback;
  if (!isInt64(dtype)) return [options, null];
  return [{ ...options, dtype: "int32" }, "int64"];
}
