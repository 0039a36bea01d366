/** Policies by the paths of layers, and what an identifier of a policy means. */
import { DTypeError, isPlainObject, show, ValueError } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { type CustomObjectsOptions, readWith } from "../saving/object_registration.ts";
import { isSerialized, resolve, type SerializedObject, serializeObject } from "../saving/registry.ts";
import { AWQDTypePolicy } from "./awq_dtype_policy.ts";
import {
  DTypePolicy,
  type DTypePolicyName,
  dtypePolicy,
  FloatDTypePolicy,
  setGlobalPolicy,
} from "./dtype_policy.ts";
import { GPTQDTypePolicy } from "./gptq_dtype_policy.ts";
import { Int4DTypePolicy } from "./int4_dtype_policy.ts";
import { QuantizedDTypePolicy, quantizationModes, splitName } from "./quantized_dtype_policy.ts";
import { QuantizedFloat8DTypePolicy } from "./quantized_float8_dtype_policy.ts";
import { TernaryDTypePolicy } from "./ternary_dtype_policy.ts";

/** Whatever says which policy is meant: its name, its config, or the policy itself. */
export type DTypePolicyLike =
  | DTypePolicyName
  | `${string}_from_${DTypePolicyName}`
  | DTypePolicy
  | SerializedObject;

/**
 * A policy for each of many layers, found by the layer's path, such as `model/encoder/dense`. Keys are paths, or regular
 * expressions that match whole paths. A layer whose path is not there has the default policy. It is given to a layer as its
 * `dtype`, and goes on to the layers inside.
 *
 * @param defaultPolicy default: `config.dtypePolicy()`
 * @param policyMap policies by path
 * @throws ValueError when the default policy is a map
 *
 * @example
 * ```ts
 * const policies = new DTypePolicyMap("float32", { "encoder/.*": "mixed_bfloat16" });
 * [policies.get("encoder/dense").computeDtype, policies.get("decoder").computeDtype]; // → ["bfloat16", "float32"]
 * ```
 */
export class DTypePolicyMap extends DTypePolicy {
  static override readonly className: string = "DTypePolicyMap";
  static override readonly module: string = "keras.dtype_policies";
  /** The policy of layers whose path is not there. */
  readonly defaultPolicy: DTypePolicy;
  readonly #given: DTypePolicyLike | null;
  readonly #policies: Map<string, DTypePolicy> = new Map();

  constructor(
    defaultPolicy?: DTypePolicyLike | null,
    policyMap?: Readonly<Record<string, DTypePolicyLike>> | null,
  ) {
    const policy = get(defaultPolicy);
    if (policy instanceof DTypePolicyMap) {
      throw new ValueError("DTypePolicyMap: the default policy cannot be a DTypePolicyMap itself.");
    }
    if (policyMap !== undefined && policyMap !== null && !isPlainObject(policyMap)) {
      throw new ValueError(
        `DTypePolicyMap: expected policies by path. Received: policyMap=${show(policyMap)}`,
      );
    }
    super(`map_${policy.name}` as DTypePolicyName);
    this.defaultPolicy = policy;
    this.#given = defaultPolicy ?? null;
    for (const [path, given] of Object.entries(policyMap ?? {})) this.set(path, given);
  }

  protected override get sourceName(): string {
    const name = this.name.slice("map_".length);
    return quantizationModes.some((mode) => name.startsWith(mode)) ? splitName(name)[1] : name;
  }

  override get quantizationMode(): string | null {
    return this.defaultPolicy.quantizationMode;
  }

  /** How many paths and expressions there are. */
  get size(): number {
    return this.#policies.size;
  }

  /**
   * The policy of the layer with a path.
   *
   * @throws ValueError when several expressions match it
   */
  get(path: string): DTypePolicy {
    const exact = this.#policies.get(path);
    if (exact !== undefined) return exact;
    const matching = [...this.#policies.keys()].filter((key) => new RegExp(`^(?:${key})$`).test(path));
    if (matching.length > 1) {
      throw new ValueError(
        `DTypePolicyMap: the path ${show(path)} matches several keys: ${show(matching)}. It may match one at most.`,
      );
    }
    return matching.length === 1 ? this.#policies.get(matching[0]!)! : this.defaultPolicy;
  }

  /**
   * Adds a policy.
   *
   * @throws ValueError when the path has one already; DTypeError when there is no such policy
   */
  set(path: string, policy: DTypePolicyLike): this {
    const before = this.#policies.get(path);
    if (before !== undefined) {
      throw new ValueError(
        `DTypePolicyMap: ${show(path)} has the policy ${show(before.name)} already. Delete it first.`,
      );
    }
    this.#policies.set(path, get(policy));
    return this;
  }

  /** Takes a policy out; gives whether it was there. */
  delete(path: string): boolean {
    return this.#policies.delete(path);
  }

  /** Whether there is a policy under this very key. */
  has(path: string): boolean {
    return this.#policies.has(path);
  }

  keys(): IterableIterator<string> {
    return this.#policies.keys();
  }

  entries(): IterableIterator<[string, DTypePolicy]> {
    return this.#policies.entries();
  }

  [Symbol.iterator](): IterableIterator<[string, DTypePolicy]> {
    return this.#policies.entries();
  }

  override getConfig(): Config {
    const given = this.#given;
    const isDefault = given === null;
    const policies = [...this.#policies].map(([path, policy]) => {
      const written = serialize(policy);
      // Without a default of its own the map follows the global policy of whoever reads it, and so do its policies.
      const open = policy instanceof QuantizedDTypePolicy ? { source_name: null } : { name: null };
      return [path, isDefault ? { ...written, config: { ...written.config, ...open } } : written] as const;
    });
    return {
      default_policy: given instanceof DTypePolicy ? serialize(given) : given,
      policy_map: Object.fromEntries(policies),
    };
  }

  static override fromConfig(config: Config): DTypePolicyMap {
    return new DTypePolicyMap(
      config.default_policy as DTypePolicyLike | null,
      config.policy_map as Readonly<Record<string, DTypePolicyLike>>,
    );
  }
}

const classes = {
  DTypePolicy,
  FloatDTypePolicy,
  DTypePolicyMap,
  QuantizedDTypePolicy,
  QuantizedFloat8DTypePolicy,
  Int4DTypePolicy,
  GPTQDTypePolicy,
  AWQDTypePolicy,
  TernaryDTypePolicy,
};

/** The policy of a name such as `int8_from_float32`. */
function quantizedPolicy(name: string): DTypePolicy {
  const [mode, source] = splitName(name);
  const kind = quantizationModes.find((m) => mode === m || mode.startsWith(`${m}/`));
  if (kind === "float8") return new QuantizedFloat8DTypePolicy(mode, source);
  if (kind === "int4" && mode !== "int4") return new Int4DTypePolicy(mode, source);
  if (kind === "gptq") return new GPTQDTypePolicy(mode, source);
  if (kind === "awq") return new AWQDTypePolicy(mode, source);
  if (kind === "ternary") return new TernaryDTypePolicy(mode, source);
  return new QuantizedDTypePolicy(mode, source);
}

/**
 * The policy that an identifier means; without one, `config.dtypePolicy()`.
 *
 * @throws DTypeError when there is no such policy
 *
 * @example
 * ```ts
 * dtypePolicies.get("mixed_bfloat16").computeDtype; // → "bfloat16"
 * ```
 */
export function get(identifier?: DTypePolicyLike | null): DTypePolicy {
  if (identifier === undefined || identifier === null) return dtypePolicy();
  if (identifier instanceof DTypePolicy) return identifier;
  if (typeof identifier === "string") {
    const isQuantized = quantizationModes.some((mode) => identifier.startsWith(mode));
    return isQuantized ? quantizedPolicy(identifier) : new DTypePolicy(identifier as DTypePolicyName);
  }
  if (isSerialized(identifier)) return deserialize(identifier);
  throw new DTypeError(`Could not interpret dtype policy: ${show(identifier)}`);
}

/**
 * A policy as Keras writes it into a config.
 *
 * @example
 * ```ts
 * dtypePolicies.serialize(new keras.DTypePolicy("float32")).config; // → { "name": "float32" }
 * ```
 */
export function serialize(policy: DTypePolicy): SerializedObject {
  return serializeObject(policy, (policy.constructor as typeof DTypePolicy).module);
}

/**
 * A policy from what `serialize` gave.
 *
 * @param options `customObjects`: classes of your own, by their names
 * @throws ValueError for a class that is no policy
 *
 * @example
 * ```ts
 * dtypePolicies.deserialize({ class_name: "DTypePolicy", config: { name: "float64" } }).name; // → "float64"
 * ```
 */
export function deserialize(
  config: { readonly class_name: string; readonly config?: unknown },
  options: CustomObjectsOptions = {},
): DTypePolicy {
  return readWith("dtypePolicies.deserialize", options, () =>
    resolve<DTypePolicy>("dtype policy", config, { classes }),
  );
}

/**
 * Sets the policy that layers have unless they are told otherwise.
 *
 * @param policy its name, such as `"mixed_float16"`, or the policy
 * @throws DTypeError when there is no such policy
 *
 * @example
 * ```ts
 * keras.config.setDtypePolicy("mixed_bfloat16");
 * const layer = new keras.layers.Dense(1);
 * [layer.computeDtype, layer.variableDtype]; // → ["bfloat16", "float32"]
 * keras.config.setDtypePolicy("float32");
 * ```
 */
export function setDtypePolicy(policy: DTypePolicyLike): void {
  if (typeof policy === "string" || (policy as unknown) instanceof DTypePolicy) setGlobalPolicy(get(policy));
  else throw new DTypeError(`setDtypePolicy: expected a policy or its name. Received: ${show(policy)}`);
}
