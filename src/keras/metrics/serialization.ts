/** All metrics by their names. */

import type { LossIdentifier } from "../losses/names.ts";
import { get as getLoss } from "../losses/serialization.ts";
import type { Config } from "../saving/config.ts";
import { type CustomObjectsOptions, readWith } from "../saving/object_registration.ts";
import { resolve, type SerializableClass, type Table } from "../saving/registry.ts";
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
import type { Metric } from "./metric.ts";
import { aliases, type ClassName, type MetricIdentifier, type MetricName } from "./names.ts";
import { metricsOnDemand } from "./on_demand.ts";
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

const wrapper: SerializableClass<Metric> = {
  prototype: MeanMetricWrapper.prototype,
  fromConfig: (config: Config): Metric =>
    MeanMetricWrapper.fromConfig({ ...config, fn: getLoss(config["fn"] as LossIdentifier) }),
};

const table: Table<Metric | MetricFunction> = {
  classes: { ...classes, MeanMetricWrapper: wrapper },
  aliases,
};
metricsOnDemand.complete(table);

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
