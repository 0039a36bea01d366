// Models as Keras 2 wrote them: batch_input_shape, calls as lists, policies, lists of layers, old optimizers.
import { describe, expect, test, vi } from "vitest";
import type { Tensor } from "../../engine/index.ts";
import { joinBytes } from "../../files/bytes.ts";
import { type NewGroup, newGroup, writeHdf5 } from "../../files/hdf5/index.ts";
import { legacyConfig, modernConfig } from "./legacy_config.ts";
import { loadModel, loadWeights } from "./saving_api.ts";
import { datasetOf, groupAt } from "./weights_store.ts";

const initializer = (name: string): object => ({
  class_name: name,
  config: name === "Zeros" ? {} : { seed: null },
});

const dense = (name: string, units: number, more: object = {}): object => ({
  class_name: "Dense",
  config: {
    name,
    trainable: true,
    ...more,
    dtype: "float32",
    units,
    activation: "linear",
    use_bias: true,
    kernel_initializer: initializer("GlorotUniform"),
    bias_initializer: initializer("Zeros"),
    kernel_regularizer: null,
    bias_regularizer: null,
    activity_regularizer: null,
    kernel_constraint: null,
    bias_constraint: null,
  },
});

const input = (name: string, shape: readonly (number | null)[]): object => ({
  class_name: "InputLayer",
  config: { batch_input_shape: shape, dtype: "float32", sparse: false, ragged: false, name },
});

/** The names of layers with the paths and values of their weights. */
type Weights = readonly (readonly [layer: string, weights: Readonly<Record<string, unknown>>])[];

function file(
  config: object,
  weights: Weights,
  training?: object,
  optimizer?: Readonly<Record<string, unknown>>,
): Uint8Array {
  const root = newGroup();
  const text = (group: NewGroup, name: string, value: string): void => {
    group.attributes.set(name, { shape: [], strings: [value] });
  };
  const put = (group: NewGroup, values: Readonly<Record<string, unknown>>): void => {
    group.attributes.set("weight_names", {
      shape: [Object.keys(values).length],
      strings: Object.keys(values),
      fixed: true,
    });
    for (const [path, value] of Object.entries(values)) {
      const parts = path.split("/");
      const last = parts.pop()!;
      groupAt(group, parts.join("/")).members.set(last, datasetOf(value as number[]));
    }
  };
  text(root, "keras_version", "2.11.0");
  text(root, "backend", "tensorflow");
  text(root, "model_config", JSON.stringify(config));
  if (training !== undefined) text(root, "training_config", JSON.stringify(training));
  const group = groupAt(root, "model_weights");
  group.attributes.set("layer_names", {
    shape: [weights.length],
    strings: weights.map(([name]) => name),
    fixed: true,
  });
  for (const [name, values] of weights) put(groupAt(group, name), values);
  if (optimizer !== undefined) put(groupAt(root, "optimizer_weights"), optimizer);
  return joinBytes(writeHdf5(root, "test"));
}

const kernel = [
  [0.5, 1.5],
  [2.5, -0.5],
];
const bias = [0.25, -0.75];
const sequential = {
  class_name: "Sequential",
  config: {
    name: "inner",
    layers: [input("inner_input", [null, 2]), dense("d", 2, { batch_input_shape: [null, 2] })],
  },
};

test("a stack, compiled, with an old optimizer", async () => {
  const training = {
    loss: "mse",
    metrics: [["mae"]],
    weighted_metrics: null,
    loss_weights: null,
    sample_weight_mode: null,
    optimizer_config: {
      class_name: "Adam",
      config: {
        name: "Adam",
        weight_decay: false,
        clipnorm: null,
        global_clipnorm: null,
        clipvalue: null,
        use_ema: false,
        ema_momentum: 0.99,
        ema_overwrite_frequency: null,
        jit_compile: false,
        is_legacy_optimizer: false,
        learning_rate: 0.125,
        beta_1: 0.9,
        beta_2: 0.999,
        epsilon: 1e-7,
        amsgrad: false,
        decay: 0.0,
      },
    },
  };
  const zeros = {
    k: [
      [0, 0.5],
      [0, 0.5],
    ],
    b: [0.5, 0.5],
  };
  const bytes = file(sequential, [["d", { "d/kernel:0": kernel, "d/bias:0": bias }]], training, {
    "Adam/iter:0": 7,
    "Adam/learning_rate:0": 0.0625,
    "Adam/m/kernel:0": zeros.k,
    "Adam/v/kernel:0": zeros.k,
    "Adam/m/bias:0": zeros.b,
    "Adam/v/bias:0": zeros.b,
  });
  const model = await loadModel(bytes);
  expect((await model.predict([[1, 2]], { verbose: 0 })).arraySync()).toEqual([[5.75, -0.25]]);
  expect(model.compiled).toBe(true);
  expect([model.optimizer!.learningRate.item(), model.optimizer!.iterations.item()]).toEqual([0.0625, 7]);
  await model.fit([[1, 2]], [[1, 1]], { verbose: 0 });
  expect(model.optimizer!.iterations.item()).toBe(8);
});

test("a graph with shared layers, models inside, and arguments by name", async () => {
  const batchNorm = {
    class_name: "BatchNormalization",
    config: {
      name: "bn",
      trainable: true,
      dtype: { class_name: "Policy", config: { name: "float32" } },
      axis: [1],
      momentum: 0.9,
      epsilon: 0.001,
      center: true,
      scale: false,
    },
  };
  const config = {
    class_name: "Model",
    config: {
      name: "graph",
      layers: [
        { ...input("x", [null, 2]), name: "x", inbound_nodes: [] },
        { ...sequential, name: "inner", inbound_nodes: [[["x", 0, 0, {}]], [["inner", 1, 0, {}]]] },
        { ...batchNorm, name: "bn", inbound_nodes: [[["inner", 2, 0, { training: false }]]] },
        {
          class_name: "Add",
          config: { name: "sum", trainable: true, dtype: "float32" },
          name: "sum",
          inbound_nodes: [
            [
              ["bn", 0, 0, {}],
              ["inner", 1, 0, {}],
            ],
          ],
        },
      ],
      input_layers: [["x", 0, 0]],
      output_layers: [
        ["sum", 0, 0],
        ["inner", 2, 0],
      ],
    },
  };
  const bytes = file(config, [
    ["x", {}],
    ["inner", { "d/kernel:0": kernel, "d/bias:0": bias }],
    ["bn", { "bn/beta:0": [1, 2], "bn/moving_mean:0": [3, 4], "bn/moving_variance:0": [0.249, 3.999] }],
    ["sum", {}],
  ]);
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const model = await loadModel(bytes);
  expect(warn).toHaveBeenCalledWith(expect.stringMatching(/was not compiled/));
  warn.mockRestore();
  const [sum, twice] = (await model.predict([[1, 2]], { verbose: 0 })) as unknown as [Tensor, Tensor];
  // Once: (5.75, -0.25); twice: 5.75 · kernel[0] - 0.25 · kernel[1] + bias = (2.5, 8).
  expect(twice.arraySync()).toEqual([[2.5, 8]]);
  const normed = [(2.5 - 3) / Math.sqrt(0.25) + 1, (8 - 4) / Math.sqrt(4) + 2];
  const [row] = sum.arraySync() as number[][];
  row!.forEach((value, i) => {
    expect(value).toBeCloseTo(normed[i]! + [5.75, -0.25][i]!, 5);
  });
  for (const v of model.weights) v.assign(v.value.multiply(0));
  await loadWeights(model, bytes, { byName: true });
  expect(((await model.predict([[1, 2]], { verbose: 0 })) as unknown as Tensor[])[1]!.arraySync()).toEqual([
    [2.5, 8],
  ]);
});

describe("modernConfig", () => {
  test("very old stacks are lists", () => {
    const config = modernConfig({
      class_name: "Sequential",
      config: [dense("d", 2, { batch_input_shape: [null, 3] })],
    });
    const { layers } = config["config"] as { readonly layers: readonly { readonly config: object }[] };
    expect(layers[0]!.config).toMatchObject({ name: "d", input_shape: [3] });
    expect(layers[0]!.config).not.toHaveProperty("batch_input_shape");
  });

  test("a Lambda's bytecode is code", () => {
    const old = {
      class_name: "Lambda",
      config: { name: "l", function: ["4wEAAAA=", null, null], function_type: "lambda" },
    };
    expect(modernConfig(old)["config"]).toMatchObject({ function: { class_name: "__lambda__" } });
  });

  test("what is new stays, and goes back", () => {
    const now = {
      module: "keras",
      class_name: "Sequential",
      config: {
        name: "s",
        layers: [
          { module: "keras.layers", class_name: "Dense", config: { name: "d" }, registered_name: null },
        ],
      },
      registered_name: null,
    };
    expect(modernConfig(now)).toEqual(now);
    expect(legacyConfig(now)).toEqual({
      class_name: "Sequential",
      config: { name: "s", layers: [{ class_name: "Dense", config: { name: "d" } }] },
    });
    expect(() => modernConfig([])).toThrow(/Expected the config of a model/);
  });
});
