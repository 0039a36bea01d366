// Where ONNX has one operator for what is many here, that one leaves, and gives the same.
import { describe, expect, test } from "vitest";
import { type Tensor, tensor, treeLeaves } from "../../src/engine/index.ts";
import type { KerasTensor } from "../../src/keras/backend/keras_tensor.ts";
import type { Tensors } from "../../src/keras/layers/call_inputs.ts";
import {
  Activation,
  type AnyLayer,
  Bidirectional,
  ELU,
  Embedding,
  GRU,
  Input,
  LayerNormalization,
  type LayerNormalizationOptions,
  LeakyReLU,
  LSTM,
  LSTMCell,
  PReLU,
  ReLU,
  RNN,
  SimpleRNN,
  Softmax,
} from "../../src/keras/layers/index.ts";
import { Model, Sequential } from "../../src/keras/models/index.ts";
import { setRandomSeed } from "../../src/keras/utils/index.ts";
import { operatorsOf } from "../support/onnx_operators.ts";
import { runOnnx } from "../support/onnx_runtime.ts";

async function exported(model: Model<Tensors>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  await model.export(new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) }), {
    format: "onnx",
  });
  return chunks[0]!;
}

/** Numbers between -2 and 2. */
function numbers(shape: readonly number[]): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Array.from({ length: size }, (_, i) => 2 * Math.sin(1 + i * 12.9898)),
    { shape },
  );
}

/** Exports a model and compares what comes out, with samples of another number than it was traced for. */
async function check(model: Model<Tensors>, x: readonly Tensor[]): Promise<string[]> {
  setRandomSeed(3);
  model.setWeights(model.weights.map((w) => numbers(w.shape).multiply(0.3)));
  const file = await exported(model);
  const found = Object.values(await runOnnx(file, x));
  const expected = treeLeaves(
    await model.predict(x.length === 1 ? x[0]! : [...x], { verbose: 0 }),
  ) as Tensor[];
  expect(found.length).toBe(expected.length);
  expected.forEach((y, i) => {
    expect(found[i]!.shape).toEqual(y.shape);
    const [a, b] = [found[i]!.dataSync(), y.dataSync()];
    b.forEach((value, k) => {
      expect(Math.abs(a[k]! - value)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(value)));
    });
  });
  return operatorsOf(file);
}

/** A model of one layer. */
function around(shape: readonly number[], layer: AnyLayer): Model<Tensors> {
  const inputs = Input([...shape]);
  return new Model({ inputs, outputs: layer(inputs) as KerasTensor });
}

test.each([
  ["relu", "Relu"],
  ["relu6", "Clip"],
  ["softsign", "Softsign"],
  ["leaky_relu", "LeakyRelu"],
  ["hard_sigmoid", "HardSigmoid"],
  ["hard_silu", "HardSwish"],
  ["elu", "Elu"],
  ["selu", "Selu"],
  ["softmax", "Softmax"],
  ["log_softmax", "LogSoftmax"],
] as const)("%s", async (activation, operator) => {
  const found = await check(around([3, 4], new Activation(activation)), [numbers([5, 3, 4]).multiply(4)]);
  expect(found).toEqual([operator, "Identity"]);
});

test("activations with options", async () => {
  const x = [numbers([5, 3, 4]).multiply(4)];
  const layers: [AnyLayer, string][] = [
    [new ELU({ alpha: 0.3 }), "Elu"],
    [new LeakyReLU({ negativeSlope: 0.3 }), "LeakyRelu"],
    [new PReLU({ sharedAxes: [1] }), "PRelu"],
    [new Softmax({ axis: 1 }), "Softmax"],
    [new ReLU({ maxValue: 2, negativeSlope: 0.1, threshold: 0.5 }), "Relu"],
  ];
  for (const [layer, operator] of layers) expect(await check(around([3, 4], layer), x)).toContain(operator);
});

test("LayerNormalization", async () => {
  const x = [numbers([5, 3, 4]).multiply(4)];
  const over = (options: LayerNormalizationOptions): Promise<string[]> =>
    check(around([3, 4], new LayerNormalization(options)), x);
  for (const options of [{}, { axis: [1, 2] }, { center: false, epsilon: 0.1 }])
    expect(await over(options)).toContain("LayerNormalization");
  for (const options of [{ scale: false }, { axis: 1 }])
    expect(await over(options)).not.toContain("LayerNormalization");
});

describe("recurrent layers", () => {
  const activations = ["tanh", "relu", "softsign", "softplus", "elu", "linear", "sigmoid"] as const;
  const layers: [string, string, AnyLayer][] = [
    ...activations.map((activation): [string, string, AnyLayer] => [
      `LSTM ${activation}`,
      "LSTM",
      new LSTM(3, { activation, recurrentActivation: "hard_sigmoid", returnSequences: true }),
    ]),
    ["LSTM backwards", "LSTM", new LSTM(3, { goBackwards: true, returnSequences: true })],
    ["LSTM without bias", "LSTM", new LSTM(3, { useBias: false })],
    ["LSTM with states", "LSTM", new LSTM(3, { returnState: true })],
    ["LSTM of cells", "LSTM", new RNN(new LSTMCell(3), { returnState: true, returnSequences: true })],
    ["GRU", "GRU", new GRU(3, { returnSequences: true })],
    ["GRU, reset before", "GRU", new GRU(3, { resetAfter: false, returnState: true })],
    ["GRU without bias", "GRU", new GRU(3, { useBias: false, activation: "leaky_relu" })],
    ["GRU backwards", "GRU", new GRU(3, { goBackwards: true })],
    ["SimpleRNN", "RNN", new SimpleRNN(3, { returnSequences: true, goBackwards: true })],
    ["Bidirectional", "LSTM", new Bidirectional(new LSTM(3, { returnSequences: true }))],
  ];
  test.each(layers)("%s", async (_, operator, layer) => {
    const found = await check(around([4, 2], layer), [numbers([5, 4, 2])]);
    expect(found).toContain(operator);
    expect(found).not.toContain("Loop");
  });

  test("with states of their own", async () => {
    const [x, h, c] = [Input([4, 2]), Input([3]), Input([3])];
    const outputs = new LSTM(3, { returnSequences: true, returnState: true })(x, { initialState: [h, c] });
    const found = await check(new Model({ inputs: [x, h, c], outputs }), [
      numbers([5, 4, 2]),
      numbers([5, 3]).multiply(0.5),
      numbers([5, 3]),
    ]);
    expect(found).toContain("LSTM");
  });

  test("what the operators cannot do remains a loop", async () => {
    const masked = new Sequential([
      Input([4], { dtype: "int32" }),
      new Embedding(5, 2, { maskZero: true }),
      new LSTM(3),
    ]);
    const x = tensor(
      [
        [1, 2, 0, 0],
        [0, 3, 0, 1],
        [4, 4, 4, 4],
      ],
      { dtype: "int32" },
    );
    expect(await check(masked, [x])).toContain("Loop");
    expect(await check(around([4, 2], new GRU(3, { activation: "gelu" })), [numbers([3, 4, 2])])).toContain(
      "Loop",
    );
    class Doubled extends LSTMCell {
      override step(...args: Parameters<LSTMCell["step"]>): ReturnType<LSTMCell["step"]> {
        const [projected, states] = args;
        return super.step(projected.multiply(2), states);
      }
    }
    expect(await check(around([4, 2], new RNN(new Doubled(3))), [numbers([3, 4, 2])])).toContain("Loop");
  });
});
