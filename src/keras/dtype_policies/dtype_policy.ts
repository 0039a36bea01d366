/** Which dtypes a layer computes with and keeps its weights in, and which ones layers have that are told nothing. */
import { type DType, DTypeError, didYouMean, dtypes, isFloat, show } from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import type { Config } from "../saving/config.ts";

/** The name of a policy: a dtype for everything, or a narrow float for arithmetic with weights in `float32`. */
export type DTypePolicyName = DType | "mixed_float16" | "mixed_bfloat16";

/** The dtypes of arithmetic and of weights. */
interface PolicyDTypes {
  readonly computeDtype: DType;
  readonly variableDtype: DType;
}

const mixed: Readonly<Record<string, PolicyDTypes>> = {
  mixed_float16: { computeDtype: "float16", variableDtype: "float32" },
  mixed_bfloat16: { computeDtype: "bfloat16", variableDtype: "float32" },
};

/** What the name of a policy means. */
function dtypesOf(name: unknown): PolicyDTypes {
  if (typeof name === "string") {
    if (Object.hasOwn(mixed, name)) return mixed[name]!;
    const dtype = dtypes.find((d) => d === name);
    if (dtype !== undefined) return { computeDtype: dtype, variableDtype: dtype };
  }
  const hint = typeof name === "string" ? didYouMean(name, [...Object.keys(mixed), ...dtypes]) : "";
  throw new DTypeError(
    `There is no dtype policy ${show(name)}.${hint} Expected "mixed_float16", "mixed_bfloat16" or a dtype: ${dtypes.join(", ")}.`,
  );
}

/**
 * A dtype policy: the dtype of a layer's arithmetic and that of its weights.
 *
 * With `"mixed_float16"` or `"mixed_bfloat16"` a layer keeps its weights in `float32`; inputs and weights are cast to the
 * 16-bit float when it is called. On the CPU that saves memory, not time: the arithmetic is done in `float32` and rounded
 * where each operation ends, so that results are those of mixed precision elsewhere.
 *
 * @param name a dtype, for arithmetic and weights alike, `"mixed_float16"` or `"mixed_bfloat16"`. Default: that of
 *   `config.dtypePolicy()`.
 * @throws DTypeError when there is no such policy
 *
 * @example
 * ```ts
 * const policy = new DTypePolicy("mixed_float16");
 * [policy.computeDtype, policy.variableDtype]; // → ["float16", "float32"]
 * ```
 */
export class DTypePolicy {
  static readonly className: string = "DTypePolicy";
  static readonly module: string = "keras";
  readonly name: string;
  /** Inputs of a float dtype are cast to it, and weights while the layer is called. */
  readonly computeDtype: DType;
  /** The dtype of weights. */
  readonly variableDtype: DType;

  constructor(name?: DTypePolicyName | null) {
    this.name = name ?? dtypePolicy().name;
    const { computeDtype, variableDtype } = dtypesOf(this.sourceName);
    this.computeDtype = computeDtype;
    this.variableDtype = variableDtype;
  }

  /** The name of the policy that says the dtypes. */
  protected get sourceName(): string {
    return this.name;
  }

  /** How weights are quantized; null if they are not. */
  get quantizationMode(): string | null {
    return null;
  }

  /** Whether a value of that dtype is cast to the compute dtype when it enters the layer: floats are. */
  casts(dtype: DType): boolean {
    return dtype !== this.computeDtype && isFloat(dtype) && isFloat(this.computeDtype);
  }

  toString(): string {
    return `<${(this.constructor as typeof DTypePolicy).className} "${this.name}">`;
  }

  /** What `fromConfig` makes it from. */
  getConfig(): Config {
    return { name: this.name };
  }

  /** The policy that a config describes. */
  static fromConfig(config: Config): DTypePolicy {
    return new DTypePolicy(config.name as DTypePolicyName | null);
  }
}

/**
 * Another name of {@link DTypePolicy}, which older files have.
 *
 * @example
 * ```ts
 * new FloatDTypePolicy("float32").computeDtype; // → "float32"
 * ```
 */
export class FloatDTypePolicy extends DTypePolicy {
  static override readonly className: string = "FloatDTypePolicy";

  static override fromConfig(config: Config): FloatDTypePolicy {
    return new FloatDTypePolicy(config.name as DTypePolicyName | null);
  }
}

let globalPolicy: DTypePolicy | undefined;

/**
 * The policy that layers have unless they are told otherwise: what `setDtypePolicy` has set, else `config.floatx()`.
 *
 * @example
 * ```ts
 * keras.config.dtypePolicy().name; // → "float32"
 * ```
 */
export function dtypePolicy(): DTypePolicy {
  return globalPolicy ?? new DTypePolicy(floatx());
}

/** Sets the policy of layers that are told nothing; undefined means `config.floatx()`. */
export function setGlobalPolicy(policy: DTypePolicy | undefined): void {
  globalPolicy = policy;
}
