// Small functional models against real Keras: configs, outputs, gradients, training by batches and by fit.
import { describe, expect, test } from "vitest";
import { gradients, multiply, type Tensor, treeLeaves } from "../../src/engine/index.ts";
import { type Model, modelFromJson } from "../../src/keras/models/index.ts";
import { type ArrayRecord, expectClose, loadFixture, recordToTensor } from "./fixtures.ts";
import {
  afterTraining,
  type CompileConfig,
  compileAs,
  expectAllClose,
  expectNumbersClose,
  type Parts,
  parts,
  type Records,
  tensorsOf,
} from "./model_fixture.ts";

interface ModelCase {
  readonly id: string;
  readonly class_name: string;
  readonly config: object;
  readonly inputs: ArrayRecord | readonly ArrayRecord[];
  readonly weights: readonly (ArrayRecord & { readonly path: string })[];
  readonly output: ArrayRecord | readonly ArrayRecord[];
  readonly cotangent: ArrayRecord | readonly ArrayRecord[];
  readonly grad_inputs: ArrayRecord | readonly ArrayRecord[];
  readonly grad_weights: readonly (ArrayRecord | null)[];
  readonly training?: Training;
}

type Logs = Readonly<Record<string, number>>;

interface Training {
  readonly compile_config: CompileConfig;
  readonly batches: readonly (Parts & { readonly logs: Logs })[];
  readonly weights_after: readonly ArrayRecord[];
  readonly optimizer_variables: readonly ArrayRecord[];
  readonly evaluate: Parts & { readonly logs: Logs };
  readonly predict: { readonly x: Records; readonly output: Records };
  readonly fit?: Parts & {
    readonly epochs: number;
    readonly batch_size: number;
    readonly validation_data: Parts;
    readonly history: Readonly<Record<string, readonly number[]>>;
    readonly weights_after: readonly ArrayRecord[];
  };
}

function expectLogs(received: Logs, expected: Logs): void {
  expect(Object.keys(received).sort()).toEqual(Object.keys(expected).sort());
  expectNumbersClose(
    Object.keys(expected).map((key) => received[key]!),
    Object.values(expected),
  );
}

function expectWeights(model: Model, expected: readonly ArrayRecord[]): void {
  model.getWeights().forEach((w, i) => {
    expectClose(w, expected[i]!, afterTraining);
  });
}

const list = <T>(x: T | readonly T[]): readonly T[] => (Array.isArray(x) ? x : [x as T]);

describe.each([
  "attention_block",
  "cnn",
  "embedding_lstm_dense",
  "masking_gru_sequence",
  "mlp",
  "operators",
  "two_inputs_two_outputs",
])("%s", (name) => {
  test.each(loadFixture<ModelCase>("models", name).cases.map((c) => [c.id, c] as const))("%s", (_, c) => {
    const json = { module: "keras", class_name: c.class_name, config: c.config };
    const model = modelFromJson(JSON.stringify(json));
    expect(JSON.parse(JSON.stringify(model.getConfig()))).toEqual(c.config);
    // Layers that a config builds do not know yet which model they will be part of.
    const place = (path: string): string => path.split("/").slice(-2).join("/");
    expect(model.weights.map((w) => place(w.path))).toEqual(c.weights.map((w) => place(w.path)));
    model.setWeights(c.weights.map((w) => recordToTensor(w)));
    const inputs = list(c.inputs).map((x) => recordToTensor(x));
    const run = (): Tensor[] => treeLeaves(model(inputs.length === 1 ? inputs[0]! : inputs)) as Tensor[];
    list(c.output).forEach((expected, i) => {
      expectClose(run()[i]!, expected);
    });
    const cotangents = list(c.cotangent).map((x) => recordToTensor(x));
    const total = run()
      .map((y, i) => multiply(y, cotangents[i]!).sum())
      .reduce((a, b) => a.add(b));
    const expected = [...list(c.grad_inputs), ...c.grad_weights];
    const sources = [...inputs, ...model.weights.map((w) => w.value)].filter((_, i) => expected[i] !== null);
    const found = gradients(total, sources);
    expected
      .filter((x) => x !== null)
      .forEach((x, i) => {
        expectClose(found[i]!, x);
      });
  });

  const trained = loadFixture<ModelCase>("models", name).cases.filter((c) => c.training !== undefined);
  test.each(trained.map((c) => [c.id, c] as const))("%s is trained", async (_, c) => {
    const { compile_config: compile, batches, evaluate, predict, fit, ...after } = c.training!;
    const json = JSON.stringify({ module: "keras", class_name: c.class_name, config: c.config });
    const fresh = (): Model => {
      const model = modelFromJson(json);
      model.setWeights(c.weights.map((w) => recordToTensor(w)));
      compileAs(model, compile);
      return model;
    };
    const model = fresh();
    for (const { logs, ...batch } of batches) {
      const [x, y, sampleWeight] = parts(batch);
      expectLogs(await model.trainOnBatch(x, y, { sampleWeight, returnDict: true }), logs);
    }
    expectWeights(model, after.weights_after);
    model.optimizer!.variables.forEach((v, i) => {
      expectClose(v.value, after.optimizer_variables[i]!, afterTraining);
    });
    const { logs: evaluated, ...held } = evaluate;
    const [x, y] = parts(held);
    expectLogs(await model.evaluate(x, y, { verbose: 0, returnDict: true }), evaluated);
    expectAllClose(await model.predict(tensorsOf(predict.x), { verbose: 0 }), predict.output, afterTraining);
    if (fit === undefined) return;
    const {
      epochs,
      batch_size: batchSize,
      validation_data: validation,
      history,
      weights_after: last,
      ...data
    } = fit;
    const [xs, ys, sampleWeight] = parts(data);
    const [xv, yv] = parts(validation);
    const options = { epochs, batchSize, sampleWeight, shuffle: false, verbose: 0 } as const;
    // Keras has recorded fit from the first weights, too.
    const again = fresh();
    const found = (await again.fit(xs, ys, { ...options, validationData: [xv, yv] })).history;
    expect(Object.keys(found).sort()).toEqual(Object.keys(history).sort());
    for (const [key, values] of Object.entries(history)) expectNumbersClose(found[key]!, values);
    expectWeights(again, last);
  });
});
