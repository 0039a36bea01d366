/** Policies of layers whose weights are quantized. */
import { type DType, DTypeError, show, ValueError } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { DTypePolicy, type DTypePolicyName, dtypePolicy } from "./dtype_policy.ts";

/** The ways to quantize that Keras has. */
export const quantizationModes: readonly string[] = ["int8", "float8", "int4", "ternary", "gptq", "awq"];

/**
 * The policy of a layer whose weights are quantized: how, and the policy that it had before.
 *
 * @param mode `"int8"`, `"int4"`, `"float8"`, `"ternary"`, …
 * @param sourceName the name of the policy before. Default: that of `config.dtypePolicy()`.
 * @throws ValueError for an unknown mode, and for `"int8"` over `float16`, whose range is too small
 *
 * @example
 * ```ts
 * const policy = new QuantizedDTypePolicy("int8", "mixed_bfloat16");
 * [policy.name, policy.computeDtype]; // → ["int8_from_mixed_bfloat16", "bfloat16"]
 * ```
 */
export class QuantizedDTypePolicy extends DTypePolicy {
  static override readonly className: string = "QuantizedDTypePolicy";
  static override readonly module: string = "keras.dtype_policies";
  readonly #mode: string;
  readonly #source: string;

  constructor(mode: string, sourceName?: DTypePolicyName | null) {
    const source = sourceName ?? dtypePolicy().name;
    const [kind] = mode.split("/") as [string];
    if (!quantizationModes.includes(kind)) {
      throw new ValueError(
        `There is no quantization mode ${show(mode)}. Available: ${quantizationModes.join(", ")}.`,
      );
    }
    // The dtypes are those of the source; the name says both.
    const { computeDtype } = new DTypePolicy(source as DTypePolicyName);
    if (kind === "int8" && computeDtype === "float16") {
      throw new ValueError(`Quantization mode "int8" does not work with the compute dtype float16.`);
    }
    super(`${mode}_from_${source}` as DTypePolicyName);
    this.#mode = mode;
    this.#source = source;
  }

  protected override get sourceName(): string {
    return this.name.slice(this.name.indexOf("_from_") + "_from_".length);
  }

  override get quantizationMode(): string {
    return this.#mode.split("/")[0]!;
  }

  override getConfig(): Config {
    return { mode: this.#mode, source_name: this.#source };
  }

  static override fromConfig(config: Config): QuantizedDTypePolicy {
    return new this(config.mode as string, config.source_name as DType | null);
  }
}

/** The whole numbers of a mode such as `gptq/4/128`. */
export function numbersOf(mode: string, kind: string, names: readonly string[], where: string): number[] {
  const [head, ...rest] = mode.split("/");
  const numbers = rest.map((text) => (/^-?\d+$/.test(text) ? Number(text) : Number.NaN));
  if (head !== kind || numbers.length !== names.length || numbers.some(Number.isNaN)) {
    const wanted = [kind, ...names.map((name) => `<${name}>`)].join("/");
    throw new ValueError(`${where}: expected a mode "${wanted}" of whole numbers. Received: ${show(mode)}`);
  }
  return numbers;
}

/** Checks the number of elements that share a scale: -1 for all, or a positive one. */
export function checkGroup(size: number, name: string, where: string): number {
  if (size === -1 || size > 0) return size;
  throw new ValueError(`${where}: expected ${name} to be -1 or positive. Received: ${name}=${size}`);
}

/** The parts of a name such as `int8_from_float32`. */
export function splitName(name: string): readonly [mode: string, source: DTypePolicyName] {
  const parts = name.split("_from_");
  if (parts.length === 2) return parts as [string, DTypePolicyName];
  throw new DTypeError(
    `Expected the name of a quantized policy, "<mode>_from_<policy>", such as "int8_from_float32". Received: ${show(name)}`,
  );
}
