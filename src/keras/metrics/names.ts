/** The names of metrics. They are known also where the metrics are not loaded. */
import type { Names, SerializableClass } from "../saving/registry.ts";
import type { MetricFunction } from "./mean_metric_wrapper.ts";
import type { Metric } from "./metric.ts";

const classes = [
  "AUC",
  "Accuracy",
  "BinaryAccuracy",
  "BinaryCrossentropy",
  "BinaryIoU",
  "CategoricalAccuracy",
  "CategoricalCrossentropy",
  "CategoricalHinge",
  "ConcordanceCorrelation",
  "CosineSimilarity",
  "F1Score",
  "FBetaScore",
  "FalseNegatives",
  "FalsePositives",
  "Hinge",
  "IoU",
  "KLDivergence",
  "LogCoshError",
  "Mean",
  "MeanAbsoluteError",
  "MeanAbsolutePercentageError",
  "MeanIoU",
  "MeanSquaredError",
  "MeanSquaredLogarithmicError",
  "OneHotIoU",
  "OneHotMeanIoU",
  "PearsonCorrelation",
  "Poisson",
  "Precision",
  "PrecisionAtRecall",
  "R2Score",
  "Recall",
  "RecallAtPrecision",
  "RootMeanSquaredError",
  "SensitivityAtSpecificity",
  "SparseCategoricalAccuracy",
  "SparseCategoricalCrossentropy",
  "SparseTopKCategoricalAccuracy",
  "SpecificityAtSensitivity",
  "SquaredHinge",
  "Sum",
  "TopKCategoricalAccuracy",
  "TrueNegatives",
  "TruePositives",
] as const;
export type ClassName = (typeof classes)[number];

type Alias = "bce" | "BCE" | "mae" | "MAE" | "mape" | "MAPE" | "mse" | "MSE" | "msle" | "MSLE";

/** What short names stand for. */
export const aliases: Readonly<Record<Alias, ClassName>> = {
  bce: "BinaryCrossentropy",
  BCE: "BinaryCrossentropy",
  mae: "MeanAbsoluteError",
  MAE: "MeanAbsoluteError",
  mape: "MeanAbsolutePercentageError",
  MAPE: "MeanAbsolutePercentageError",
  mse: "MeanSquaredError",
  MSE: "MeanSquaredError",
  msle: "MeanSquaredLogarithmicError",
  MSLE: "MeanSquaredLogarithmicError",
};

type SnakeName =
  | "auc"
  | "accuracy"
  | "binary_accuracy"
  | "binary_crossentropy"
  | "binary_io_u"
  | "categorical_accuracy"
  | "categorical_crossentropy"
  | "categorical_hinge"
  | "concordance_correlation"
  | "cosine_similarity"
  | "f1_score"
  | "f_beta_score"
  | "false_negatives"
  | "false_positives"
  | "hinge"
  | "io_u"
  | "kl_divergence"
  | "log_cosh_error"
  | "mean"
  | "mean_absolute_error"
  | "mean_absolute_percentage_error"
  | "mean_io_u"
  | "mean_squared_error"
  | "mean_squared_logarithmic_error"
  | "one_hot_io_u"
  | "one_hot_mean_io_u"
  | "pearson_correlation"
  | "poisson"
  | "precision"
  | "precision_at_recall"
  | "r2_score"
  | "recall"
  | "recall_at_precision"
  | "root_mean_squared_error"
  | "sensitivity_at_specificity"
  | "sparse_categorical_accuracy"
  | "sparse_categorical_crossentropy"
  | "sparse_top_k_categorical_accuracy"
  | "specificity_at_sensitivity"
  | "squared_hinge"
  | "sum"
  | "top_k_categorical_accuracy"
  | "true_negatives"
  | "true_positives";

/** The names of metrics. `compile` also takes `"acc"`, and finds out which accuracy `"accuracy"` means. */
export type MetricName = ClassName | SnakeName | Alias | "acc";

/** Whatever says which metric is meant: a name, a config, a class, a metric or a function. */
export type MetricIdentifier =
  | MetricName
  // Names of a user's own variables are plain strings, to the type checker.
  | (string & {})
  | { readonly class_name: string; readonly config?: unknown }
  | SerializableClass<Metric>
  | Metric
  | MetricFunction;

/** All names but the short ones. */
export const names: Names = { classes: [...classes, "MeanMetricWrapper"], functions: [] };
