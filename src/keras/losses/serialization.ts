/** All losses by their names. */

import type { Config } from "../saving/config.ts";
import { type CustomObjectsOptions, readWith } from "../saving/object_registration.ts";
import { resolve, type SerializableClass, type Table } from "../saving/registry.ts";
import { BinaryCrossentropy, binaryCrossentropy } from "./binary_crossentropy.ts";
import { BinaryFocalCrossentropy, binaryFocalCrossentropy } from "./binary_focal_crossentropy.ts";
import { CategoricalCrossentropy, categoricalCrossentropy } from "./categorical_crossentropy.ts";
import {
  CategoricalFocalCrossentropy,
  categoricalFocalCrossentropy,
} from "./categorical_focal_crossentropy.ts";
import { CategoricalGeneralizedCrossEntropy } from "./categorical_generalized_cross_entropy.ts";
import { CategoricalHinge, categoricalHinge } from "./categorical_hinge.ts";
import { Circle, circle } from "./circle.ts";
import { CosineSimilarity, cosineSimilarity } from "./cosine_similarity.ts";
import { CTC, ctc } from "./ctc.ts";
import { Dice, dice } from "./dice.ts";
import { Hinge, hinge } from "./hinge.ts";
import { Huber, huber } from "./huber.ts";
import { KLDivergence, klDivergence } from "./kl_divergence.ts";
import { LogCosh, logCosh } from "./log_cosh.ts";
import type { Loss } from "./loss.ts";
import { type LossFunction, LossFunctionWrapper } from "./loss_function_wrapper.ts";
import { MeanAbsoluteError, meanAbsoluteError } from "./mean_absolute_error.ts";
import {
  MeanAbsolutePercentageError,
  meanAbsolutePercentageError,
} from "./mean_absolute_percentage_error.ts";
import { MeanSquaredError, meanSquaredError } from "./mean_squared_error.ts";
import {
  MeanSquaredLogarithmicError,
  meanSquaredLogarithmicError,
} from "./mean_squared_logarithmic_error.ts";
import { aliases, type ClassName, type FunctionName, type LossIdentifier, type LossName } from "./names.ts";
import { lossesOnDemand } from "./on_demand.ts";
import { Poisson, poisson } from "./poisson.ts";
import {
  SparseCategoricalCrossentropy,
  sparseCategoricalCrossentropy,
} from "./sparse_categorical_crossentropy.ts";
import { SquaredHinge, squaredHinge } from "./squared_hinge.ts";
import { Tversky, tversky } from "./tversky.ts";

const classes: Readonly<Record<ClassName, SerializableClass<Loss>>> = {
  BinaryCrossentropy,
  BinaryFocalCrossentropy,
  CategoricalCrossentropy,
  CategoricalFocalCrossentropy,
  CategoricalGeneralizedCrossEntropy,
  CategoricalHinge,
  Circle,
  CosineSimilarity,
  CTC,
  Dice,
  Hinge,
  Huber,
  KLDivergence,
  LogCosh,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredError,
  MeanSquaredLogarithmicError,
  Poisson,
  SparseCategoricalCrossentropy,
  SquaredHinge,
  Tversky,
};

const functions: Readonly<Record<FunctionName, LossFunction>> = {
  binary_crossentropy: binaryCrossentropy,
  binary_focal_crossentropy: binaryFocalCrossentropy,
  categorical_crossentropy: categoricalCrossentropy,
  categorical_focal_crossentropy: categoricalFocalCrossentropy,
  categorical_hinge: categoricalHinge,
  circle,
  cosine_similarity: cosineSimilarity,
  ctc,
  dice,
  hinge,
  huber,
  kl_divergence: klDivergence,
  log_cosh: logCosh,
  mean_absolute_error: meanAbsoluteError,
  mean_absolute_percentage_error: meanAbsolutePercentageError,
  mean_squared_error: meanSquaredError,
  mean_squared_logarithmic_error: meanSquaredLogarithmicError,
  poisson,
  sparse_categorical_crossentropy: sparseCategoricalCrossentropy,
  squared_hinge: squaredHinge,
  tversky,
};

const wrapper: SerializableClass<Loss> = {
  prototype: LossFunctionWrapper.prototype,
  fromConfig: (config: Config): Loss =>
    LossFunctionWrapper.fromConfig({ ...config, fn: get(config["fn"] as LossIdentifier) }),
};

const table: Table<Loss | LossFunction> = {
  classes: { ...classes, LossFunctionWrapper: wrapper },
  functions,
  aliases,
};
lossesOnDemand.complete(table);

/**
 * The loss that an identifier means. Names in snake_case and short names such as `"mse"` give the function, names of
 * classes an instance with default options.
 *
 * @throws ValueError when there is no such loss
 *
 * @example
 * ```ts
 * losses.get("mse") === losses.meanSquaredError; // → true
 * ```
 */
export function get(identifier: LossIdentifier): Loss | LossFunction;
export function get(identifier: LossIdentifier | null): Loss | LossFunction | null;
export function get(identifier: LossIdentifier | null): Loss | LossFunction | null {
  if (identifier === null) return null;
  return resolve<Loss | LossFunction>("loss", identifier, table);
}

/**
 * A loss from what `serialize` gave.
 *
 * @param options `customObjects`: classes and functions of your own, by their names
 * @throws ValueError when there is no such loss
 *
 * @example
 * ```ts
 * losses.deserialize({ class_name: "MeanSquaredError", config: { name: "error" } }).name; // → error
 * ```
 */
export function deserialize(
  config: LossName | { readonly class_name: string; readonly config?: unknown },
  options: CustomObjectsOptions = {},
): Loss | LossFunction {
  return readWith("losses.deserialize", options, () => get(config));
}
