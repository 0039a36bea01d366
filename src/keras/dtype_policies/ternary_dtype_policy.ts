/** The policy of layers whose weights are -1, 0 or 1. */
import { QuantizedDTypePolicy } from "./quantized_dtype_policy.ts";

/**
 * The policy of a layer whose weights are -1, 0 or 1, times a scale.
 *
 * @param mode `"ternary"`
 * @param sourceName the name of the policy before. Default: that of `config.dtypePolicy()`.
 *
 * @example
 * ```ts
 * new TernaryDTypePolicy("ternary", "float32").quantizationMode; // → "ternary"
 * ```
 */
export class TernaryDTypePolicy extends QuantizedDTypePolicy {
  static override readonly className: string = "TernaryDTypePolicy";
}
