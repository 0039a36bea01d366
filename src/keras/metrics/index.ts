/** `keras.metrics`: numbers that say how well a model does. */

export { binaryCrossentropy } from "../losses/binary_crossentropy.ts";
export { binaryFocalCrossentropy } from "../losses/binary_focal_crossentropy.ts";
export { categoricalCrossentropy } from "../losses/categorical_crossentropy.ts";
export { categoricalFocalCrossentropy } from "../losses/categorical_focal_crossentropy.ts";
export { categoricalHinge } from "../losses/categorical_hinge.ts";
export { hinge } from "../losses/hinge.ts";
export { huber } from "../losses/huber.ts";
export { klDivergence } from "../losses/kl_divergence.ts";
export { logCosh } from "../losses/log_cosh.ts";
export { meanAbsoluteError } from "../losses/mean_absolute_error.ts";
export { meanAbsolutePercentageError } from "../losses/mean_absolute_percentage_error.ts";
export { meanSquaredError } from "../losses/mean_squared_error.ts";
export { meanSquaredLogarithmicError } from "../losses/mean_squared_logarithmic_error.ts";
export { poisson } from "../losses/poisson.ts";
export { sparseCategoricalCrossentropy } from "../losses/sparse_categorical_crossentropy.ts";
export { squaredHinge } from "../losses/squared_hinge.ts";
export * from "./accuracy.ts";
export * from "./auc.ts";
export * from "./binary_accuracy.ts";
export * from "./binary_crossentropy.ts";
export * from "./binary_iou.ts";
export { resolveByShapes } from "./by_shapes.ts";
export * from "./categorical_accuracy.ts";
export * from "./categorical_crossentropy.ts";
export * from "./categorical_hinge.ts";
export * from "./concordance_correlation.ts";
export type { ConditionCountOptions } from "./condition_count.ts";
export * from "./cosine_similarity.ts";
export * from "./f1_score.ts";
export * from "./false_negatives.ts";
export * from "./false_positives.ts";
export * from "./fbeta_score.ts";
export * from "./hinge.ts";
export { IoU, type IoUOptions } from "./iou.ts";
export * from "./kl_divergence.ts";
export * from "./log_cosh_error.ts";
export * from "./mean.ts";
export * from "./mean_absolute_error.ts";
export * from "./mean_absolute_percentage_error.ts";
export * from "./mean_iou.ts";
export * from "./mean_metric_wrapper.ts";
export * from "./mean_squared_error.ts";
export * from "./mean_squared_logarithmic_error.ts";
export {
  type Direction,
  Metric,
  type MetricOptions,
  type MetricResult,
  type MetricVariableOptions,
} from "./metric.ts";
export type { MetricIdentifier, MetricName } from "./names.ts";
export * from "./one_hot_iou.ts";
export * from "./one_hot_mean_iou.ts";
export * from "./pearson_correlation.ts";
export * from "./poisson.ts";
export * from "./precision.ts";
export * from "./precision_at_recall.ts";
export * from "./r2_score.ts";
export * from "./recall.ts";
export * from "./recall_at_precision.ts";
export * from "./root_mean_squared_error.ts";
export type { UpdateOptions } from "./samplewise.ts";
export * from "./sensitivity_at_specificity.ts";
export { deserialize, get } from "./serialization.ts";
export { serialize } from "./serialize.ts";
export * from "./sparse_categorical_accuracy.ts";
export * from "./sparse_categorical_crossentropy.ts";
export * from "./sparse_top_k_categorical_accuracy.ts";
export * from "./specificity_at_sensitivity.ts";
export * from "./squared_hinge.ts";
export * from "./sum.ts";
export type { ThresholdSearchOptions } from "./threshold_search.ts";
export * from "./top_k_categorical_accuracy.ts";
export * from "./true_negatives.ts";
export * from "./true_positives.ts";
