/** Names of metrics: what identifiers mean, and how metrics are written. */

import { type Shape, show, ValueError } from "../../engine/index.ts";
import { type LossFunction } from "../losses/loss_function_wrapper.ts";
import { get as getLoss, type LossIdentifier, serializeFunction } from "../losses/serialization.ts";
import type { Config } from "../saving/config.ts";
import { type CustomObjectsOptions, readWith } from "../saving/object_registration.ts";
import {
  resolve,
  type SerializableClass,
  type SerializedObject,
  serializeObject,
} from "../saving/registry.ts";
import { Accuracy } from "./accuracy.ts";
import { AUC } from "./auc.ts";
import { BinaryAccuracy } from "./binary_accuracy.ts";
import { BinaryCrossentropy } from "./binary_crossentropy.ts";
import { BinaryIoU } from "./binary_iou.ts";
import { CategoricalAccuracy } from "./categorical_accuracy.ts";
import { CategoricalCrossentropy } from "./categorical_crossentropy.ts";
import { CategoricalHinge } from "./categorical_hinge.ts";
import { ConcordanceCorrelation } from "./concordance_correlation.ts";
import { CosineSimilarity } from "./cosine_similarity.ts";
import { F1Score } from "./f1_score.ts";
import { FalseNegatives } from "./false_negatives.ts";
import { FalsePositives } from "./false_positives.ts";
import { FBetaScore } from "./fbeta_score.ts";
import { Hinge } from "./hinge.ts";
import { IoU } from "./iou.ts";
import { KLDivergence } from "./kl_divergence.ts";
import { LogCoshError } from "./log_cosh_error.ts";
import { Mean } from "./mean.ts";
import { MeanAbsoluteError } from "./mean_absolute_error.ts";
import { MeanAbsolutePercentageError } from "./mean_absolute_percentage_error.ts";
import { MeanIoU } from "./mean_iou.ts";
import { MeanMetricWrapper, type MetricFunction } from "./mean_metric_wrapper.ts";
import { MeanSquaredError } from "./mean_squared_error.ts";
import { MeanSquaredLogarithmicError } from "./mean_squared_logarithmic_error.ts";
import { Metric } from "./metric.ts";
import { OneHotIoU } from "./one_hot_iou.ts";
import { OneHotMeanIoU } from "./one_hot_mean_iou.ts";
import { PearsonCorrelation } from "./pearson_correlation.ts";
import { Poisson } from "./poisson.ts";
import { Precision } from "./precision.ts";
import { PrecisionAtRecall } from "./precision_at_recall.ts";
import { R2Score } from "./r2_score.ts";
import { Recall } from "./recall.ts";
import { RecallAtPrecision } from "./recall_at_precision.ts";
import { RootMeanSquaredError } from "./root_mean_squared_error.ts";
import { SensitivityAtSpecificity } from "./sensitivity_at_specificity.ts";
import { SparseCategoricalAccuracy } from "./sparse_categorical_accuracy.ts";
import { SparseCategoricalCrossentropy } from "./sparse_categorical_crossentropy.ts";
import { SparseTopKCategoricalAccuracy } from "./sparse_top_k_categorical_accuracy.ts";
import { SpecificityAtSensitivity } from "./specificity_at_sensitivity.ts";
import { SquaredHinge } from "./squared_hinge.ts";
import { Sum } from "./sum.ts";
import { TopKCategoricalAccuracy } from "./top_k_categorical_accuracy.ts";
import { TrueNegatives } from "./true_negatives.ts";
import { TruePositives } from "./true_positives.ts";

type ClassName =
  | "AUC"
  | "Accuracy"
  | "BinaryAccuracy"
  | "BinaryCrossentropy"
  | "BinaryIoU"
  | "CategoricalAccuracy"
  | "CategoricalCrossentropy"
  | "CategoricalHinge"
  | "ConcordanceCorrelation"
  | "CosineSimilarity"
  | "F1Score"
  | "FBetaScore"
  | "FalseNegatives"
  | "FalsePositives"
  | "Hinge"
  | "IoU"
  | "KLDivergence"
  | "LogCoshError"
  | "Mean"
  | "MeanAbsoluteError"
  | "MeanAbsolutePercentageError"
  | "MeanIoU"
  | "MeanSquaredError"
  | "MeanSquaredLogarithmicError"
  | "OneHotIoU"
  | "OneHotMeanIoU"
  | "PearsonCorrelation"
  | "Poisson"
  | "Precision"
  | "PrecisionAtRecall"
  | "R2Score"
  | "Recall"
  | "RecallAtPrecision"
  | "RootMeanSquaredError"
  | "SensitivityAtSpecificity"
  | "SparseCategoricalAccuracy"
  | "SparseCategoricalCrossentropy"
  | "SparseTopKCategoricalAccuracy"
  | "SpecificityAtSensitivity"
  | "SquaredHinge"
  | "Sum"
  | "TopKCategoricalAccuracy"
  | "TrueNegatives"
  | "TruePositives";

const classes: Readonly<Record<ClassName, SerializableClass<Metric>>> = {
  AUC,
  Accuracy,
  BinaryAccuracy,
  BinaryCrossentropy,
  BinaryIoU,
  CategoricalAccuracy,
  CategoricalCrossentropy,
  CategoricalHinge,
  ConcordanceCorrelation,
  CosineSimilarity,
  F1Score,
  FBetaScore,
  FalseNegatives,
  FalsePositives,
  Hinge,
  IoU,
  KLDivergence,
  LogCoshError,
  Mean,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanIoU,
  MeanSquaredError,
  MeanSquaredLogarithmicError,
  OneHotIoU,
  OneHotMeanIoU,
  PearsonCorrelation,
  Poisson,
  Precision,
  PrecisionAtRecall,
  R2Score,
  Recall,
  RecallAtPrecision,
  RootMeanSquaredError,
  SensitivityAtSpecificity,
  SparseCategoricalAccuracy,
  SparseCategoricalCrossentropy,
  SparseTopKCategoricalAccuracy,
  SpecificityAtSensitivity,
  SquaredHinge,
  Sum,
  TopKCategoricalAccuracy,
  TrueNegatives,
  TruePositives,
};

type Alias = "bce" | "BCE" | "mae" | "MAE" | "mape" | "MAPE" | "mse" | "MSE" | "msle" | "MSLE";

const aliases: Readonly<Record<Alias, ClassName>> = {
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

const wrapper: SerializableClass<Metric> = {
  prototype: MeanMetricWrapper.prototype,
  fromConfig: (config: Config): Metric =>
    MeanMetricWrapper.fromConfig({ ...config, fn: getLoss(config["fn"] as LossIdentifier) }),
};

const table = { classes: { ...classes, MeanMetricWrapper: wrapper }, aliases };

/**
 * The metric that an identifier means. Names give an instance with default options.
 *
 * @throws ValueError when there is no such metric
 *
 * @example
 * ```ts
 * metrics.get("mse") instanceof metrics.MeanSquaredError; // → true
 * ```
 */
export function get(identifier: MetricIdentifier): Metric | MetricFunction;
export function get(identifier: MetricIdentifier | null): Metric | MetricFunction | null;
export function get(identifier: MetricIdentifier | null): Metric | MetricFunction | null {
  if (identifier === null) return null;
  return resolve<Metric | MetricFunction>("metric", identifier, table);
}

/**
 * A metric as Keras writes it into a config.
 *
 * @example
 * ```ts
 * metrics.serialize(new metrics.MeanSquaredError()).class_name; // → MeanSquaredError
 * ```
 */
export function serialize(metric: Metric | MetricFunction): SerializedObject {
  if (!(metric instanceof Metric)) return serializeFunction(metric);
  const { config, ...rest } = serializeObject(metric, "keras.metrics");
  return {
    ...rest,
    config: "fn" in config ? { ...config, fn: serializeFunction(config["fn"] as LossFunction) } : config,
  };
}

/**
 * A metric from what `serialize` gave.
 *
 * @param options `customObjects`: classes and functions of your own, by their names
 * @throws ValueError when there is no such metric
 *
 * @example
 * ```ts
 * metrics.deserialize({ class_name: "MeanSquaredError", config: { name: "error" } }).name; // → error
 * ```
 */
export function deserialize(
  config: MetricName | { readonly class_name: string; readonly config?: unknown },
  options: CustomObjectsOptions = {},
): Metric | MetricFunction {
  return readWith("metrics.deserialize", options, () => get(config));
}

/** Which of three kinds of classification targets and predictions are for. */
export function kindOf(yTrue: Shape, yPred: Shape): "binary" | "sparse" | "categorical" {
  const classes = yPred[yPred.length - 1];
  if (classes === 1) return "binary";
  return yTrue.length < yPred.length || yTrue[yTrue.length - 1] === 1 ? "sparse" : "categorical";
}

/**
 * The metric that `"accuracy"` (or `"acc"`) and `"crossentropy"` (or `"ce"`) mean for targets and predictions of given
 * shapes: that of yes and no if there is one prediction, that of class numbers if the targets have no axis of classes, else
 * that of one-hot vectors.
 *
 * @throws ValueError for other identifiers
 *
 * @example
 * ```ts
 * resolveByShapes("accuracy", [32, 1], [32, 1]) instanceof metrics.BinaryAccuracy; // → true
 * ```
 */
export function resolveByShapes(identifier: string, yTrue: Shape, yPred: Shape): Metric {
  const kind = kindOf(yTrue, yPred);
  switch (identifier.toLowerCase()) {
    case "accuracy":
    case "acc": {
      const accuracies = {
        binary: BinaryAccuracy,
        sparse: SparseCategoricalAccuracy,
        categorical: CategoricalAccuracy,
      };
      return new accuracies[kind]({ name: identifier });
    }
    case "crossentropy":
    case "ce": {
      const crossentropies = {
        binary: BinaryCrossentropy,
        sparse: SparseCategoricalCrossentropy,
        categorical: CategoricalCrossentropy,
      };
      return new crossentropies[kind]({ name: identifier });
    }
    default:
      throw new ValueError(
        `Expected "accuracy", "acc", "crossentropy" or "ce". Received: ${show(identifier)}`,
      );
  }
}
