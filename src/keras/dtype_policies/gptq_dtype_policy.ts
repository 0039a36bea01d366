/** The policy of layers that GPTQ has quantized. */
import { ValueError } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import type { DTypePolicyName } from "./dtype_policy.ts";
import { checkGroup, numbersOf, QuantizedDTypePolicy } from "./quantized_dtype_policy.ts";

/**
 * The policy of a layer whose weights GPTQ has quantized.
 *
 * @param mode `"gptq/<weight bits>/<group size>"`: 2, 3, 4 or 8 bits; -1 makes the whole weight one group
 * @param sourceName the name of the policy before. Default: that of `config.dtypePolicy()`.
 * @throws ValueError for another mode
 *
 * @example
 * ```ts
 * const policy = new GPTQDTypePolicy("gptq/4/128", "float32");
 * [policy.weightBits, policy.groupSize]; // → [4, 128]
 * ```
 */
export class GPTQDTypePolicy extends QuantizedDTypePolicy {
  static override readonly className: string = "GPTQDTypePolicy";
  readonly weightBits: number;
  readonly groupSize: number;

  constructor(mode: string, sourceName?: DTypePolicyName | null) {
    const names = ["weight bits", "group size"];
    const [bits, size] = numbersOf(mode, "gptq", names, "GPTQDTypePolicy") as [number, number];
    if (![2, 3, 4, 8].includes(bits))
      throw new ValueError(`GPTQDTypePolicy: expected 2, 3, 4 or 8 bits. Received: ${bits}`);
    checkGroup(size, "group size", "GPTQDTypePolicy");
    super(mode, sourceName);
    this.weightBits = bits;
    this.groupSize = size;
  }

  static override fromConfig(config: Config): GPTQDTypePolicy {
    return new GPTQDTypePolicy(config.mode as string, config.source_name as DTypePolicyName | null);
  }
}
