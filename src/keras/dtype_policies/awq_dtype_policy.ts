/** The policy of layers that AWQ has quantized. */
import { ValueError } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import type { DTypePolicyName } from "./dtype_policy.ts";
import { checkGroup, numbersOf, QuantizedDTypePolicy } from "./quantized_dtype_policy.ts";

/**
 * The policy of a layer whose weights AWQ has quantized.
 *
 * @param mode `"awq/4/<group size>"`; -1 makes each channel one group
 * @param sourceName the name of the policy before. Default: that of `config.dtypePolicy()`.
 * @throws ValueError for another mode
 *
 * @example
 * ```ts
 * new AWQDTypePolicy("awq/4/128", "float32").groupSize; // → 128
 * ```
 */
export class AWQDTypePolicy extends QuantizedDTypePolicy {
  static override readonly className: string = "AWQDTypePolicy";
  readonly weightBits: number;
  readonly groupSize: number;

  constructor(mode: string, sourceName?: DTypePolicyName | null) {
    const names = ["weight bits", "group size"];
    const [bits, size] = numbersOf(mode, "awq", names, "AWQDTypePolicy") as [number, number];
    if (bits !== 4) throw new ValueError(`AWQDTypePolicy: expected 4 bits. Received: ${bits}`);
    checkGroup(size, "group size", "AWQDTypePolicy");
    super(mode, sourceName);
    this.weightBits = bits;
    this.groupSize = size;
  }

  static override fromConfig(config: Config): AWQDTypePolicy {
    return new AWQDTypePolicy(config.mode as string, config.source_name as DTypePolicyName | null);
  }
}
