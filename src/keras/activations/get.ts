/** From names of activations to functions and back. */

import { type Tensor, type TensorLike, ValueError } from "../../engine/index.ts";
import type { Config } from "../saving/config.ts";
import { type CustomObjectsOptions, getRegisteredName, readWith } from "../saving/object_registration.ts";
import { resolve, type SerializedObject, serializeObject, type Table } from "../saving/registry.ts";
import * as fns from "./activations.ts";

/** An activation: a function of a tensor. */
export type Activation = (x: TensorLike) => Tensor;

type BuiltIn =
  | "celu"
  | "elu"
  | "exponential"
  | "gelu"
  | "glu"
  | "hard_shrink"
  | "hard_sigmoid"
  | "hard_silu"
  | "hard_tanh"
  | "leaky_relu"
  | "linear"
  | "log_sigmoid"
  | "log_softmax"
  | "mish"
  | "relu"
  | "relu6"
  | "selu"
  | "sigmoid"
  | "silu"
  | "soft_shrink"
  | "softmax"
  | "softplus"
  | "softsign"
  | "sparse_plus"
  | "sparse_sigmoid"
  | "sparsemax"
  | "squareplus"
  | "tanh"
  | "tanh_shrink";

/** The names of the activations, as Keras spells them. */
export type ActivationName = BuiltIn | "hard_swish" | "swish";

const functions: Readonly<Record<BuiltIn, Activation>> = {
  celu: fns.celu,
  elu: fns.elu,
  exponential: fns.exponential,
  gelu: fns.gelu,
  glu: fns.glu,
  hard_shrink: fns.hardShrink,
  hard_sigmoid: fns.hardSigmoid,
  hard_silu: fns.hardSilu,
  hard_tanh: fns.hardTanh,
  leaky_relu: fns.leakyRelu,
  linear: fns.linear,
  log_sigmoid: fns.logSigmoid,
  log_softmax: fns.logSoftmax,
  mish: fns.mish,
  relu: fns.relu,
  relu6: fns.relu6,
  selu: fns.selu,
  sigmoid: fns.sigmoid,
  silu: fns.silu,
  soft_shrink: fns.softShrink,
  softmax: fns.softmax,
  softplus: fns.softplus,
  softsign: fns.softsign,
  sparse_plus: fns.sparsePlus,
  sparse_sigmoid: fns.sparseSigmoid,
  sparsemax: fns.sparsemax,
  squareplus: fns.squareplus,
  tanh: fns.tanh,
  tanh_shrink: fns.tanhShrink,
};

const table: Table<Activation> = { functions, aliases: { hard_swish: "hard_silu", swish: "silu" } };

/** What stands for an activation: its name, a function, a config, or null for `linear`. */
export type ActivationIdentifier = ActivationName | Activation | SerializedActivation | null | undefined;

/** How Keras writes functions and layers that serve as activations. */
export interface SerializedActivation {
  readonly class_name: string;
  readonly config: Config | string;
}

/**
 * The activation that an identifier means.
 *
 * @param identifier a name such as `"relu"`, a function, a config, or null for `linear`
 * @throws ValueError when there is no such activation
 *
 * @example
 * ```ts
 * get("softplus")([0]).shape; // → [1]
 * ```
 */
export function get(identifier: ActivationIdentifier): Activation {
  return identifier === null || identifier === undefined
    ? fns.linear
    : resolve("activation", identifier, table);
}

/**
 * The activation that was written as a name or a config.
 *
 * @param options `customObjects`: functions and layers of your own, by their names
 * @throws ValueError when there is no such activation
 *
 * @example
 * ```ts
 * activations.deserialize("relu")([-1, 2]).arraySync(); // → [0, 2]
 * ```
 */
export function deserialize(
  config: ActivationName | SerializedActivation,
  options: CustomObjectsOptions = {},
): Activation {
  return readWith("activations.deserialize", options, () => get(config));
}

/**
 * The name of an activation of Keras; of another function or object, its config.
 *
 * @throws ValueError for a function without a name
 *
 * @example
 * ```ts
 * activations.serialize(activations.relu); // → relu
 * ```
 */
export function serialize(activation: Activation): string | SerializedActivation | SerializedObject {
  const known = Object.entries<Activation>(functions).find(([, fn]) => fn === activation);
  if (known !== undefined) return known[0];
  const { getConfig } = activation as Partial<{ getConfig(): Config }>;
  if (typeof getConfig === "function")
    return serializeObject(activation as Activation & { getConfig(): Config }, "keras.layers");
  if (activation.name === "") {
    throw new ValueError("activations.serialize: a function without a name cannot be written into a config.");
  }
  const config = getRegisteredName(activation);
  return { module: "builtins", class_name: "function", config, registered_name: "function" };
}
