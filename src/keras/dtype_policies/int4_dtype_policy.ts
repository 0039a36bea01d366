/** The policy of layers whose weights have 4 bits. */
import type { Config } from "../saving/config.ts";
import type { DTypePolicyName } from "./dtype_policy.ts";
import { checkGroup, numbersOf, QuantizedDTypePolicy } from "./quantized_dtype_policy.ts";

/**
 * The policy of a layer whose weights have 4 bits, with one scale for each block of a channel.
 *
 * @param mode `"int4/<block size>"`; -1 makes each channel one block
 * @param sourceName the name of the policy before. Default: that of `config.dtypePolicy()`.
 * @throws ValueError for another mode
 *
 * @example
 * ```ts
 * new Int4DTypePolicy("int4/128", "float32").blockSize; // → 128
 * ```
 */
export class Int4DTypePolicy extends QuantizedDTypePolicy {
  static override readonly className: string = "Int4DTypePolicy";
  readonly blockSize: number;

  constructor(mode: string, sourceName?: DTypePolicyName | null) {
    // Older files say None where the block is the channel.
    const said = mode === "int4/None" ? "int4/-1" : mode;
    const [size] = numbersOf(said, "int4", ["block size"], "Int4DTypePolicy") as [number];
    checkGroup(size, "block size", "Int4DTypePolicy");
    super(said, sourceName);
    this.blockSize = size;
  }

  static override fromConfig(config: Config): Int4DTypePolicy {
    return new Int4DTypePolicy(config.mode as string, config.source_name as DTypePolicyName | null);
  }
}
