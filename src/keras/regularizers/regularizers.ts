/** Finds regularizers by name or config, and writes them into configs. */

import { type Tensor, type TensorLike, toTensor } from "../../engine/index.ts";
import { type CustomObjectsOptions, readWith } from "../saving/object_registration.ts";
import {
  resolve,
  type SerializableClass,
  type SerializedObject,
  serializeObject,
} from "../saving/registry.ts";
import { L1 } from "./l1.ts";
import { L1L2 } from "./l1_l2.ts";
import { L2 } from "./l2.ts";
import { OrthogonalRegularizer } from "./orthogonal_regularizer.ts";
import { Regularizer } from "./regularizer.ts";

/** The names that `get` understands. */
export type RegularizerName =
  | "L1"
  | "L2"
  | "L1L2"
  | "OrthogonalRegularizer"
  | "l1"
  | "l2"
  | "l1_l2"
  | "orthogonal_regularizer";

/** Whatever says which regularizer is meant; a plain function maps a weight to a scalar. */
export type RegularizerLike =
  | RegularizerName
  | Regularizer
  | ((x: Tensor) => TensorLike)
  | SerializedObject
  | SerializableClass<Regularizer>;

const classes: Readonly<Record<string, SerializableClass<Regularizer>>> = {
  L1,
  L2,
  L1L2,
  OrthogonalRegularizer,
};

/** A plain function as a regularizer. */
class FunctionRegularizer extends Regularizer {
  readonly fn: (x: Tensor) => TensorLike;

  constructor(fn: (x: Tensor) => TensorLike) {
    super();
    this.fn = fn;
  }

  override call(x: TensorLike): Tensor {
    return toTensor(this.fn(toTensor(x)));
  }
}

/**
 * The regularizer that an identifier means; nothing for nothing.
 *
 * @throws ValueError when there is no such regularizer
 *
 * @example
 * ```ts
 * get("l2")?.([3]).item(); // → 0.09000000357627869
 * ```
 */
export function get(identifier: RegularizerLike | null | undefined): Regularizer | null {
  if (identifier === null || identifier === undefined) return null;
  const found = resolve<Regularizer | ((x: Tensor) => TensorLike)>("regularizer", identifier, { classes });
  return found instanceof Regularizer ? found : new FunctionRegularizer(found);
}

/**
 * A regularizer as Keras writes it into a config.
 *
 * @example
 * ```ts
 * regularizers.serialize(new regularizers.L2(0.5)).class_name; // → L2
 * ```
 */
export function serialize(regularizer: Regularizer): SerializedObject {
  return serializeObject(regularizer, "keras.regularizers");
}

/**
 * The regularizer that a config describes.
 *
 * @param options `customObjects`: classes of your own, by their names
 * @throws ValueError when there is no such regularizer
 *
 * @example
 * ```ts
 * const config = regularizers.serialize(new regularizers.L2(0.5));
 * regularizers.deserialize(config)([1, 2]).item(); // → 2.5
 * ```
 */
export function deserialize(config: SerializedObject, options: CustomObjectsOptions = {}): Regularizer {
  return readWith("regularizers.deserialize", options, () =>
    resolve<Regularizer>("regularizer", config, { classes }),
  );
}
