// Small functional models against real Keras: configs, outputs, gradients.
import { describe, expect, test } from "vitest";
import { gradients, multiply, type Tensor, treeLeaves } from "../../src/engine/index.ts";
import { modelFromJson } from "../../src/keras/models/index.ts";
import { type ArrayRecord, expectClose, loadFixture, recordToTensor } from "./fixtures.ts";

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
});
