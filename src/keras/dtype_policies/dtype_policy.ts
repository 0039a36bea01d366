/** Which dtypes a layer computes with and keeps its weights in. */
import { asDType, type DType, DTypeError, isFloat, show } from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import type { Config } from "../saving/config.ts";
import { isSerialized, type SerializedObject } from "../saving/registry.ts";

/**
 * A dtype policy: the dtype of a layer's arithmetic and that of its weights.
 *
 * @example
 * ```ts
 * new DTypePolicy("float64").computeDtype; // → "float64"
 * ```
 */
export class DTypePolicy {
  static readonly className: string = "DTypePolicy";
  readonly name: string;
  /** Inputs of a float dtype are cast to it. */
  readonly computeDtype: DType;
  readonly variableDtype: DType;

  /** @param name a dtype, for arithmetic and weights alike */
  constructor(name: DType) {
    this.computeDtype = asDType(name, "DTypePolicy");
    this.variableDtype = this.computeDtype;
    this.name = name;
  }

  /** Whether a value of that dtype is cast to the compute dtype when it enters the layer: floats are. */
  casts(dtype: DType): boolean {
    return dtype !== this.computeDtype && isFloat(dtype) && isFloat(this.computeDtype);
  }

  getConfig(): Config {
    return { name: this.name };
  }

  static fromConfig(config: Config): DTypePolicy {
    return new DTypePolicy(config.name as DType);
  }
}

/** Whatever says which policy is meant: its name, its config, or the policy itself. */
export type DTypePolicyLike = DType | DTypePolicy | SerializedObject;

/**
 * The policy that an identifier means; without one, that of `config.floatx()`.
 *
 * @throws DTypeError when there is no such policy
 */
export function get(identifier?: DTypePolicyLike | null): DTypePolicy {
  if (identifier === undefined || identifier === null) return new DTypePolicy(floatx());
  if (identifier instanceof DTypePolicy) return identifier;
  if (typeof identifier === "string") return new DTypePolicy(identifier);
  if (isSerialized(identifier) && identifier.class_name === DTypePolicy.className) {
    return DTypePolicy.fromConfig(identifier.config);
  }
  throw new DTypeError(`Could not interpret dtype policy: ${show(identifier)}`);
}

/** A policy as Keras writes it into a config. */
export function serialize(policy: DTypePolicy): SerializedObject {
  return {
    module: "keras",
    class_name: DTypePolicy.className,
    config: policy.getConfig(),
    registered_name: null,
  };
}
