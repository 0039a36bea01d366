/** The policy of layers that train in 8-bit floats. */
import { show, ValueError } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import type { DTypePolicyName } from "./dtype_policy.ts";
import { QuantizedDTypePolicy } from "./quantized_dtype_policy.ts";

/**
 * The policy of a layer that trains in 8-bit floats, with the scale taken from the largest numbers of the last steps.
 *
 * @param mode `"float8"`
 * @param sourceName the name of the policy before. Default: that of `config.dtypePolicy()`.
 * @param amaxHistoryLength of how many steps. Default 1024.
 * @throws ValueError when it is no positive whole number
 *
 * @example
 * ```ts
 * new QuantizedFloat8DTypePolicy("float8", "float32").amaxHistoryLength; // → 1024
 * ```
 */
export class QuantizedFloat8DTypePolicy extends QuantizedDTypePolicy {
  static override readonly className: string = "QuantizedFloat8DTypePolicy";
  readonly amaxHistoryLength: number;

  constructor(mode: string, sourceName?: DTypePolicyName | null, amaxHistoryLength = 1024) {
    super(mode, sourceName);
    if (!(Number.isSafeInteger(amaxHistoryLength) && amaxHistoryLength > 0)) {
      throw new ValueError(
        `QuantizedFloat8DTypePolicy: expected a positive whole number. Received: amaxHistoryLength=${show(amaxHistoryLength)}`,
      );
    }
    this.amaxHistoryLength = amaxHistoryLength;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), amax_history_length: this.amaxHistoryLength };
  }

  static override fromConfig(config: Config): QuantizedFloat8DTypePolicy {
    const { mode, source_name: source, amax_history_length: length } = config;
    return new QuantizedFloat8DTypePolicy(
      mode as string,
      source as DTypePolicyName | null,
      length as number | undefined,
    );
  }
}
