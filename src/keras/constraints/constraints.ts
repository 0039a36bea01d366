/** Finds constraints by name or config, and writes them into configs. */

import { type Tensor, type TensorLike, toTensor, ValueError } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { type CustomObjectsOptions, readWith } from "../saving/object_registration.ts";
import {
  resolve,
  type SerializableClass,
  type SerializedObject,
  serializeObject,
} from "../saving/registry.ts";
import { Constraint } from "./constraint.ts";
import { MaxNorm } from "./max_norm.ts";
import { MinMaxNorm } from "./min_max_norm.ts";
import { NonNeg } from "./non_neg.ts";
import { UnitNorm } from "./unit_norm.ts";

/** The names that `get` understands. */
export type ConstraintName =
  | "MaxNorm"
  | "MinMaxNorm"
  | "NonNeg"
  | "UnitNorm"
  | "max_norm"
  | "min_max_norm"
  | "non_neg"
  | "unit_norm";

/** Whatever says which constraint is meant; a plain function maps a weight to one that is allowed. */
export type ConstraintLike =
  | ConstraintName
  | Constraint
  | ((w: Tensor) => TensorLike)
  | SerializedObject
  | SerializableClass<Constraint>;

const classes: Readonly<Record<string, SerializableClass<Constraint>>> = {
  MaxNorm,
  MinMaxNorm,
  NonNeg,
  UnitNorm,
};

/** A plain function as a constraint. */
class FunctionConstraint extends Constraint {
  readonly fn: (w: Tensor) => TensorLike;

  constructor(fn: (w: Tensor) => TensorLike) {
    super();
    this.fn = fn;
  }

  override call(w: TensorLike): Tensor {
    return toTensor(this.fn(toTensor(w)));
  }

  override getConfig(): Config {
    throw new ValueError(
      "A plain function as a constraint cannot be written into a config; extend Constraint.",
    );
  }
}

/**
 * The constraint that an identifier means; nothing for nothing.
 *
 * @throws ValueError when there is no such constraint
 *
 * @example
 * ```ts
 * get("non_neg")?.([-1, 2]).arraySync(); // → [0, 2]
 * ```
 */
export function get(identifier: ConstraintLike | null | undefined): Constraint | null {
  if (identifier === null || identifier === undefined) return null;
  const found = resolve<Constraint | ((w: Tensor) => TensorLike)>("constraint", identifier, { classes });
  return found instanceof Constraint ? found : new FunctionConstraint(found);
}

/**
 * A constraint as Keras writes it into a config.
 *
 * @example
 * ```ts
 * constraints.serialize(new constraints.NonNeg()).class_name; // → NonNeg
 * ```
 */
export function serialize(constraint: Constraint): SerializedObject {
  return serializeObject(constraint, "keras.constraints");
}

/**
 * The constraint that a config describes.
 *
 * @param options `customObjects`: classes of your own, by their names
 * @throws ValueError when there is no such constraint
 *
 * @example
 * ```ts
 * const config = constraints.serialize(new constraints.MaxNorm(3));
 * (constraints.deserialize(config) as constraints.MaxNorm).maxValue; // → 3
 * ```
 */
export function deserialize(config: SerializedObject, options: CustomObjectsOptions = {}): Constraint {
  return readWith("constraints.deserialize", options, () =>
    resolve<Constraint>("constraint", config, { classes }),
  );
}
