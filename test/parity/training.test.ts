// Whole trainings against real Keras: histories, weights, states of optimizers, evaluation, prediction, single batches.
import { describe, expect, test } from "vitest";
import {
  type Callback,
  EarlyStopping,
  LearningRateScheduler,
  ReduceLROnPlateau,
} from "../../src/keras/callbacks/index.ts";
import * as losses from "../../src/keras/losses/index.ts";
import * as metrics from "../../src/keras/metrics/index.ts";
import { type Model, modelFromJson } from "../../src/keras/models/index.ts";
import * as optimizers from "../../src/keras/optimizers/index.ts";
import { fromConfig } from "../../src/keras/saving/config.ts";
import { type ArrayRecord, expectClose, loadJson, recordToTensor as toTensor } from "./fixtures.ts";

type Named = readonly (readonly [string, number])[];

interface Run {
  readonly name: string;
  readonly note: string;
  readonly model: object;
  readonly compile: {
    readonly optimizer: object;
    readonly loss: string | object;
    readonly metrics: readonly (string | object)[];
    readonly weighted_metrics: readonly (string | object)[];
    readonly steps_per_execution: number;
  };
  readonly start: readonly ArrayRecord[];
  readonly x: ArrayRecord;
  readonly y: ArrayRecord;
  readonly sample_weight: ArrayRecord | null;
  readonly validation_data: readonly ArrayRecord[] | null;
  readonly fit: Readonly<Record<string, never>>;
  readonly callbacks: readonly (readonly [string, Readonly<Record<string, unknown>>])[];
  readonly epoch: readonly number[];
  readonly history: readonly (readonly [string, readonly number[]])[];
  readonly weights: readonly ArrayRecord[];
  readonly optimizer_variables: readonly (ArrayRecord & { readonly path: string })[];
  readonly evaluate: readonly number[];
  readonly evaluate_dict: Named;
  readonly predict: ArrayRecord;
  readonly on_batch: {
    readonly train: readonly (readonly number[])[];
    readonly train_dict: Named;
    readonly test: readonly number[];
    readonly predict: ArrayRecord;
    readonly weights: readonly ArrayRecord[];
    readonly train_class_weight?: readonly number[];
  };
}

/** Many updates stand behind these numbers, each rounded to float32: 1e-4 instead of 1e-5. */
const afterTraining = { rtol: 1e-4, atol: 1e-5 };
/** Inputs up to 255 saturate the first layer: Adam makes whole steps of what rounding leaves of its gradients. */
const afterSaturation = { rtol: 3e-4, atol: 3e-5 };

function callback([kind, config]: Run["callbacks"][number]): Callback {
  const options = fromConfig(config) as never;
  if (kind === "EarlyStopping") return new EarlyStopping(options);
  if (kind === "ReduceLROnPlateau") return new ReduceLROnPlateau(options);
  const { rates } = config as { readonly rates: readonly number[] };
  return new LearningRateScheduler((epoch) => rates[epoch]!);
}

const flat = (values: readonly number[]): ArrayRecord => ({
  shape: [values.length],
  dtype: "float32",
  data: values,
});

function closeNumbers(received: readonly number[], expected: readonly number[]): void {
  expect(received).toHaveLength(expected.length);
  expectClose(toTensor(flat(received)), flat(expected), afterTraining);
}

function compiled(run: Run): Model {
  const model = modelFromJson(JSON.stringify(run.model));
  model.compile({
    optimizer: optimizers.get(run.compile.optimizer as never),
    loss: losses.get(run.compile.loss as never),
    metrics: run.compile.metrics.map((m) => (typeof m === "string" ? m : metrics.get(m as never))) as never,
    weightedMetrics: run.compile.weighted_metrics.map((m) =>
      typeof m === "string" ? m : metrics.get(m as never),
    ) as never,
    stepsPerExecution: run.compile.steps_per_execution,
  });
  model.setWeights(run.start.map((w) => toTensor(w)));
  return model;
}

describe("fit as Keras has it", () => {
  const { runs } = loadJson("training/runs.json.gz") as { readonly runs: readonly Run[] };

  test.each(runs.map((r) => [r.name, r] as const))("%s", async (_, run) => {
    const tolerance = run.name === "images" ? afterSaturation : afterTraining;
    const model = compiled(run);
    const [x, y] = [toTensor(run.x), toTensor(run.y)];
    const sampleWeight = run.sample_weight === null ? null : toTensor(run.sample_weight);
    const { class_weight: classWeight, ...rest } = run.fit as {
      readonly class_weight?: Record<string, number>;
    };
    const history = await model.fit(x, y, {
      ...fromConfig(rest),
      sampleWeight,
      ...(classWeight && { classWeight }),
      ...(run.validation_data && { validationData: run.validation_data.map((v) => toTensor(v)) as never }),
      shuffle: false,
      verbose: 0,
      callbacks: run.callbacks.map(callback),
    });
    expect(history.epoch).toEqual(run.epoch);
    expect(Object.keys(history.history)).toEqual(run.history.map(([name]) => name));
    for (const [name, values] of run.history) closeNumbers(history.history[name]!, values);
    model.getWeights().forEach((w, i) => {
      expectClose(w, run.weights[i]!, tolerance);
    });
    const states = model.optimizer!.variables;
    expect(states).toHaveLength(run.optimizer_variables.length);
    states.forEach((v, i) => {
      expectClose(v.value, run.optimizer_variables[i]!, tolerance);
    });

    const quiet = { verbose: 0 } as const;
    closeNumbers(await model.evaluate(x, y, { ...quiet, sampleWeight, batchSize: 7 }), run.evaluate);
    const byName = await model.evaluate(x, y, { ...quiet, batchSize: 7, returnDict: true });
    expect(Object.keys(byName).sort()).toEqual(run.evaluate_dict.map(([name]) => name).sort());
    closeNumbers(
      run.evaluate_dict.map(([name]) => byName[name]!),
      run.evaluate_dict.map(([, v]) => v),
    );
    expectClose(await model.predict(x, { ...quiet, batchSize: 4 }), run.predict, tolerance);

    const [xb, yb] = [x.slice(0, 6), y.slice(0, 6)];
    const wb = sampleWeight === null ? null : sampleWeight.slice(0, 6);
    for (const expected of run.on_batch.train) {
      closeNumbers(await model.trainOnBatch(xb, yb, { sampleWeight: wb }), expected);
    }
    const trained = await model.trainOnBatch(xb, yb, { returnDict: true });
    closeNumbers(
      run.on_batch.train_dict.map(([name]) => trained[name]!),
      run.on_batch.train_dict.map(([, v]) => v),
    );
    closeNumbers(await model.testOnBatch(xb, yb, { sampleWeight: wb }), run.on_batch.test);
    expectClose(await model.predictOnBatch(xb), run.on_batch.predict, tolerance);
    model.getWeights().forEach((w, i) => {
      expectClose(w, run.on_batch.weights[i]!, tolerance);
    });
    if (run.on_batch.train_class_weight !== undefined) {
      closeNumbers(
        await model.trainOnBatch(xb, yb, { classWeight: classWeight! }),
        run.on_batch.train_class_weight,
      );
    }
  });
});
