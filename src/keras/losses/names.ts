/** The names of losses. They are known also where the losses are not loaded. */
import type { Names, SerializableClass } from "../saving/registry.ts";
import type { Loss } from "./loss.ts";
import type { LossFunction } from "./loss_function_wrapper.ts";

const classes = [
  "BinaryCrossentropy",
  "BinaryFocalCrossentropy",
  "CategoricalCrossentropy",
  "CategoricalFocalCrossentropy",
  "CategoricalGeneralizedCrossEntropy",
  "CategoricalHinge",
  "Circle",
  "CosineSimilarity",
  "CTC",
  "Dice",
  "Hinge",
  "Huber",
  "KLDivergence",
  "LogCosh",
  "MeanAbsoluteError",
  "MeanAbsolutePercentageError",
  "MeanSquaredError",
  "MeanSquaredLogarithmicError",
  "Poisson",
  "SparseCategoricalCrossentropy",
  "SquaredHinge",
  "Tversky",
] as const;
export type ClassName = (typeof classes)[number];

const functions = [
  "binary_crossentropy",
  "binary_focal_crossentropy",
  "categorical_crossentropy",
  "categorical_focal_crossentropy",
  "categorical_hinge",
  "circle",
  "cosine_similarity",
  "ctc",
  "dice",
  "hinge",
  "huber",
  "kl_divergence",
  "log_cosh",
  "mean_absolute_error",
  "mean_absolute_percentage_error",
  "mean_squared_error",
  "mean_squared_logarithmic_error",
  "poisson",
  "sparse_categorical_crossentropy",
  "squared_hinge",
  "tversky",
] as const;
export type FunctionName = (typeof functions)[number];

type Alias =
  | "bce"
  | "BCE"
  | "kld"
  | "KLD"
  | "mae"
  | "MAE"
  | "mape"
  | "MAPE"
  | "mse"
  | "MSE"
  | "msle"
  | "MSLE";

/** What short names stand for. */
export const aliases: Readonly<Record<Alias, FunctionName>> = {
  bce: "binary_crossentropy",
  BCE: "binary_crossentropy",
  kld: "kl_divergence",
  KLD: "kl_divergence",
  mae: "mean_absolute_error",
  MAE: "mean_absolute_error",
  mape: "mean_absolute_percentage_error",
  MAPE: "mean_absolute_percentage_error",
  mse: "mean_squared_error",
  MSE: "mean_squared_error",
  msle: "mean_squared_logarithmic_error",
  MSLE: "mean_squared_logarithmic_error",
};

/** The names of losses. */
export type LossName = ClassName | FunctionName | Alias;

/** Whatever says which loss is meant: a name, a config, a class, a loss or a function. */
export type LossIdentifier =
  | LossName
  // Names of a user's own variables are plain strings, to the type checker.
  | (string & {})
  | { readonly class_name: string; readonly config?: unknown }
  | SerializableClass<Loss>
  | Loss
  | LossFunction;

/** All names but the short ones. */
export const names: Names = { classes: [...classes, "LossFunctionWrapper"], functions };
