/** From names of initializers to initializers and back. */

import { type Shape, ShapeError, sameShape, showShape, Tensor } from "../../engine/index.ts";
import { floatx } from "../config/config.ts";
import type { Config } from "../saving/config.ts";
import { type CustomObjectsOptions, readWith } from "../saving/object_registration.ts";
import {
  resolve,
  type SerializableClass,
  type SerializedObject,
  serializeObject,
  type Table,
} from "../saving/registry.ts";
import { Constant } from "./constant.ts";
import { GlorotNormal } from "./glorot_normal.ts";
import { GlorotUniform } from "./glorot_uniform.ts";
import { HeNormal } from "./he_normal.ts";
import { HeUniform } from "./he_uniform.ts";
import { Identity } from "./identity.ts";
import type { Initializer, InitializerCallOptions } from "./initializer.ts";
import { LecunNormal } from "./lecun_normal.ts";
import { LecunUniform } from "./lecun_uniform.ts";
import { Ones } from "./ones.ts";
import { Orthogonal } from "./orthogonal.ts";
import { RandomNormal } from "./random_normal.ts";
import { RandomUniform } from "./random_uniform.ts";
import { STFT } from "./stft.ts";
import { TruncatedNormal } from "./truncated_normal.ts";
import { VarianceScaling } from "./variance_scaling.ts";
import { Zeros } from "./zeros.ts";

/** What makes the initial value of a weight: an initializer, or a function like one. */
export type InitializerFunction = (shape: Shape, options?: InitializerCallOptions) => Tensor;

type ClassName =
  | "Constant"
  | "GlorotNormal"
  | "GlorotUniform"
  | "HeNormal"
  | "HeUniform"
  | "Identity"
  | "LecunNormal"
  | "LecunUniform"
  | "Ones"
  | "Orthogonal"
  | "RandomNormal"
  | "RandomUniform"
  | "STFT"
  | "TruncatedNormal"
  | "VarianceScaling"
  | "Zeros";
type Alias =
  | "IdentityInitializer"
  | "normal"
  | "one"
  | "OrthogonalInitializer"
  | "STFTInitializer"
  | "uniform"
  | "zero";

/** The names of the initializers: of their classes, and these in snake_case. */
export type InitializerName =
  | ClassName
  | Alias
  | "constant"
  | "glorot_normal"
  | "glorot_uniform"
  | "he_normal"
  | "he_uniform"
  | "identity"
  | "lecun_normal"
  | "lecun_uniform"
  | "ones"
  | "orthogonal"
  | "random_normal"
  | "random_uniform"
  | "stft"
  | "truncated_normal"
  | "variance_scaling"
  | "zeros";

const classes: Readonly<Record<ClassName, SerializableClass<Initializer>>> = {
  Constant,
  GlorotNormal,
  GlorotUniform,
  HeNormal,
  HeUniform,
  Identity,
  LecunNormal,
  LecunUniform,
  Ones,
  Orthogonal,
  RandomNormal,
  RandomUniform,
  STFT,
  TruncatedNormal,
  VarianceScaling,
  Zeros,
};

const aliases: Readonly<Record<Alias, ClassName>> = {
  IdentityInitializer: "Identity",
  normal: "RandomNormal",
  one: "Ones",
  STFTInitializer: "STFT",
  OrthogonalInitializer: "Orthogonal",
  uniform: "RandomUniform",
  zero: "Zeros",
};

const table: Table<InitializerFunction> = { classes, aliases };

/** A config of an initializer with its class name. */
export interface SerializedInitializer {
  readonly class_name: string;
  readonly config?: Config;
}

/** What stands for an initializer: its name, its class, an object or function, a config, or a tensor with the values. */
export type InitializerIdentifier =
  | InitializerName
  | SerializableClass<Initializer>
  | InitializerFunction
  | SerializedInitializer
  | Tensor;

/**
 * The initializer that an identifier means; null means none.
 *
 * @throws ValueError when there is no such initializer
 *
 * @example
 * ```ts
 * get("zeros")([2]).arraySync(); // → [0, 0]
 * ```
 */
export function get(identifier: InitializerIdentifier): InitializerFunction;
export function get(identifier: InitializerIdentifier | null | undefined): InitializerFunction | null;
export function get(identifier: InitializerIdentifier | null | undefined): InitializerFunction | null {
  if (identifier === null || identifier === undefined) return null;
  if (identifier instanceof Tensor) return fromTensor(identifier);
  return resolve("initializer", identifier, table);
}

/** The values of a tensor as an initializer. */
function fromTensor(values: Tensor): InitializerFunction {
  return (shape, options = {}) => {
    if (!sameShape(shape, values.shape)) {
      throw new ShapeError(
        `A tensor of shape ${showShape(values.shape)} cannot initialize a weight of shape ${showShape(shape)}`,
      );
    }
    return values.astype(options.dtype ?? floatx());
  };
}

/**
 * The initializer that a config describes.
 *
 * @param options `customObjects`: classes and functions of your own, by their names
 * @throws ValueError when there is no such initializer
 *
 * @example
 * ```ts
 * const config = initializers.serialize(new initializers.Constant(3));
 * initializers.deserialize(config)([2]).arraySync(); // → [3, 3]
 * ```
 */
export function deserialize(
  config: SerializedInitializer,
  options: CustomObjectsOptions = {},
): InitializerFunction {
  return readWith("initializers.deserialize", options, () => get(config));
}

/**
 * The initializer as Keras writes it into a config.
 *
 * @example
 * ```ts
 * initializers.serialize(new initializers.Ones()).class_name; // → Ones
 * ```
 */
export function serialize(initializer: Initializer): SerializedObject {
  return serializeObject(initializer, "keras.initializers");
}
