// Metrics give the results and the state of real Keras after each update.
import { describe, expect, it } from "vitest";
import { jit, type Tensor } from "../../src/engine/index.ts";
import { setKerasMask } from "../../src/keras/backend/masking.ts";
import * as metrics from "../../src/keras/metrics/index.ts";
import { fromConfig } from "../../src/keras/saving/config.ts";
import { type ArrayRecord, expectClose, loadFixture, recordToTensor } from "./fixtures.ts";

interface MetricCase {
  readonly id: string;
  readonly note: string;
  readonly form: "class" | "function";
  readonly function?: string;
  readonly kwargs?: Record<string, unknown>;
  readonly config: Record<string, unknown>;
  readonly updates: readonly {
    readonly args: readonly ArrayRecord[];
    readonly sample_weight: ArrayRecord | null;
    readonly y_pred_mask?: ArrayRecord;
    readonly result: ArrayRecord;
  }[];
  readonly variables: readonly ArrayRecord[];
  readonly after_reset: { readonly result: ArrayRecord; readonly variables: readonly ArrayRecord[] };
  readonly y_true: ArrayRecord;
  readonly y_pred: ArrayRecord;
  readonly output: ArrayRecord;
}

type AnyFunction = (yTrue: Tensor, yPred: Tensor, options?: unknown) => Tensor;

const names = [
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
  "MeanMetricWrapper",
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
];

function checkFunction(one: MetricCase): void {
  const name = one.function!.split(".").at(-1)!;
  const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const fn = (metrics as unknown as Record<string, AnyFunction>)[camel]!;
  expectClose(
    fn(recordToTensor(one.y_true), recordToTensor(one.y_pred), fromConfig(one.kwargs ?? {})),
    one.output,
  );
}

function checkClass(name: string, one: MetricCase, compiled: boolean): void {
  // Arguments that Keras leaves out of the config stand in kwargs.
  const config = { ...one.config, ...one.kwargs };
  const metric = metrics.deserialize({ class_name: name, config }) as metrics.Metric;
  const update = (args: Tensor[], sampleWeight: Tensor | null, mask: Tensor | null): metrics.MetricResult => {
    if (mask !== null) setKerasMask(args[1]!, mask);
    metric.updateState(...args, { sampleWeight });
    return metric.result();
  };
  const run = compiled ? jit(update) : update;
  for (const { args, sample_weight: weight, y_pred_mask: mask, result } of one.updates) {
    const tensors = args.map(recordToTensor);
    expectClose(
      run(tensors, weight && recordToTensor(weight), mask ? recordToTensor(mask) : null) as Tensor,
      result,
    );
  }
  expect(metric.variables.length).toBe(one.variables.length);
  metric.variables.forEach((v, i) => expectClose(v.value, one.variables[i]!));
  metric.resetState();
  expectClose(metric.result() as Tensor, one.after_reset.result);
  metric.variables.forEach((v, i) => expectClose(v.value, one.after_reset.variables[i]!));
  const written = metrics.serialize(metric);
  expect({ ...one.config, ...written.config }).toEqual(config);
  expect((metrics.deserialize(written) as metrics.Metric).name).toBe(metric.name);
}

for (const name of names) {
  const { cases } = loadFixture<MetricCase>("metrics", name);
  describe(`metrics.${name}`, () => {
    for (const one of cases.filter((c) => c.form === "function")) {
      it(`${one.id}: ${one.note}`, () => checkFunction(one));
    }
    for (const one of cases.filter((c) => c.form === "class")) {
      it(`${one.id}: ${one.note}`, () => checkClass(name, one, false));
      it(`${one.id}: ${one.note}, compiled`, () => checkClass(name, one, true));
    }
  });
}
