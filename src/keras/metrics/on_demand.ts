/** Metrics by name where not all of them are loaded. */
import { OnDemand } from "../saving/on_demand.ts";
import { Accuracy } from "./accuracy.ts";
import { BinaryAccuracy } from "./binary_accuracy.ts";
import { BinaryCrossentropy } from "./binary_crossentropy.ts";
import { CategoricalAccuracy } from "./categorical_accuracy.ts";
import { CategoricalCrossentropy } from "./categorical_crossentropy.ts";
import { Mean } from "./mean.ts";
import { MeanAbsoluteError } from "./mean_absolute_error.ts";
import type { MetricFunction } from "./mean_metric_wrapper.ts";
import { MeanSquaredError } from "./mean_squared_error.ts";
import type { Metric } from "./metric.ts";
import { aliases, names } from "./names.ts";
import { SparseCategoricalAccuracy } from "./sparse_categorical_accuracy.ts";
import { SparseCategoricalCrossentropy } from "./sparse_categorical_crossentropy.ts";

/** What most programs measure. */
const usual = {
  classes: {
    Accuracy,
    BinaryAccuracy,
    BinaryCrossentropy,
    CategoricalAccuracy,
    CategoricalCrossentropy,
    Mean,
    MeanAbsoluteError,
    MeanSquaredError,
    SparseCategoricalAccuracy,
    SparseCategoricalCrossentropy,
  },
  aliases,
};

/** The metrics that names stand for. */
export const metricsOnDemand: OnDemand<Metric | MetricFunction> = new OnDemand<Metric | MetricFunction>(
  "metric",
  usual,
  names,
  () => import("./serialization.ts"),
);
