/** The names of dtypes as Keras takes them. */
import { asDType, type DType } from "../../engine/index.ts";
import { floatx } from "./config.ts";

/** What Python's own types and wider integers become. */
const others: Readonly<Record<string, DType>> = {
  float: "float32",
  int: "int32",
  long: "int32",
  int64: "int32",
};

/**
 * A dtype by its name.
 *
 * @param dtype a name, Python's `"float"`, `"int"` and `"bool"` among them; null for `config.floatx()`. Integers have 32 bits
 *   at most
 * @throws DTypeError for anything else
 *
 * @example
 * ```ts
 * [standardizeDtype(null), standardizeDtype("int"), standardizeDtype("uint8")]; // → ["float32", "int32", "uint8"]
 * ```
 */
export function standardizeDtype(dtype: string | null | undefined): DType {
  if (dtype === null || dtype === undefined) return floatx();
  return asDType(Object.hasOwn(others, dtype) ? others[dtype] : dtype, "standardizeDtype");
}
