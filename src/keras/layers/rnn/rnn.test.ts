// Recurrent layers beside the fixtures: trained inside one program, with state, against steps written out.
import { describe, expect, test } from "vitest";
import { tensor } from "../../../engine/index.ts";
import { Model, Sequential } from "../../models/index.ts";
import * as ops from "../../ops/index.ts";
import { setRandomSeed } from "../../utils/index.ts";
import { Dense } from "../core/dense.ts";
import { Embedding } from "../core/embedding.ts";
import { Input } from "../core/input_layer.ts";
import { GRU } from "./gru.ts";
import { LSTM } from "./lstm.ts";
import { SimpleRNN } from "./simple_rnn.ts";

/** A sequence in which the target is whether the first word was 1: it must be remembered to the end. */
function rememberTheFirst(samples: number, steps: number): { x: number[][]; y: number[][] } {
  const x = Array.from({ length: samples }, (_, i) =>
    Array.from({ length: steps }, (_, t) => (t === 0 ? (i % 2) + 1 : 3 + ((i * 7 + t * 5) % 4))),
  );
  return { x, y: x.map((row) => [row[0] === 1 ? 1 : 0]) };
}

describe.each([
  ["LSTM", () => new LSTM(8)],
  ["GRU", () => new GRU(8)],
  ["SimpleRNN", () => new SimpleRNN(8)],
] as const)("%s", (_, make) => {
  test("learns what stood at the beginning", async () => {
    setRandomSeed(3);
    const { x, y } = rememberTheFirst(64, 6);
    const model = new Sequential([new Embedding(8, 6), make(), new Dense(1, { activation: "sigmoid" })]);
    model.compile({ loss: "binary_crossentropy", optimizer: "adam", metrics: ["accuracy"] });
    model.optimizer!.learningRate = 0.03;
    const { history } = await model.fit(tensor(x, { dtype: "int32" }), tensor(y), { epochs: 30, verbose: 0 });
    expect(history.accuracy!.at(-1)).toBe(1);
    expect(history.loss!.at(-1)).toBeLessThan(0.1 * history.loss![0]!);
  });
});

test("a loop and steps written out train alike", async () => {
  const { x, y } = rememberTheFirst(32, 5);
  const losses: number[][] = [];
  for (const unroll of [false, true]) {
    setRandomSeed(5);
    const model = new Sequential([new Embedding(8, 4), new LSTM(6, { unroll }), new Dense(1)]);
    model.compile({ loss: "mse", optimizer: "sgd" });
    const { history } = await model.fit(tensor(x, { dtype: "int32" }), tensor(y), {
      epochs: 5,
      shuffle: false,
      verbose: 0,
    });
    losses.push(history.loss!);
  }
  losses[0]!.forEach((loss, i) => {
    expect(losses[1]![i]!).toBeCloseTo(loss, 6);
  });
});

test("with zeroOutputForMask unrolled steps give zeros, too, where they are masked", () => {
  const x = tensor(
    Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)),
    { shape: [2, 4, 3] },
  );
  const mask = [
    [true, false, true, false],
    [false, true, true, true],
  ];
  const make = (unroll: boolean): LSTM =>
    new LSTM(2, { returnSequences: true, zeroOutputForMask: true, unroll });
  const [loop, steps] = [make(false), make(true)];
  loop.build(x.shape);
  steps.build(x.shape);
  steps.setWeights(loop.weights.map((v) => v.value));
  const [a, b] = [loop.apply(x, { mask }), steps.apply(x, { mask })];
  expect(b.at(0, 1).arraySync()).toEqual([0, 0]);
  expect(ops.max(ops.abs(a.subtract(b))).item()).toBeLessThan(1e-6);
});

test("a layer with a state carries it from batch to batch of predict, each of which runs once", async () => {
  const inputs = Input({ batchShape: [4, 5, 3] });
  const outputs = new Dense(1)(new SimpleRNN(2, { stateful: true })(inputs));
  const model = new Model({ inputs, outputs });
  model.setWeights(
    model.getWeights().map(({ shape, size }, n) => {
      return tensor(Array.from({ length: size }, (_, i) => 0.4 * Math.sin(i * (n + 1)))).reshape(shape);
    }),
  );
  const x = tensor(Array.from({ length: 120 }, (_, i) => Math.sin(0.7 * i))).reshape([8, 5, 3]);
  const predicted = async (): Promise<number[]> =>
    Array.from((await model.predict(x, { batchSize: 4, verbose: 0 })).dataSync());
  // Of Keras 3.15 with PyTorch.
  const first = [-0.144948, 0.109813, 0.005763, -0.149186, 0.102424, 0.018521, -0.152377, 0.094031];
  const second = [-0.14514, 0.109942, 0.005987, -0.14938];
  for (const [i, value] of (await predicted()).entries()) expect(value).toBeCloseTo(first[i]!, 5);
  const again = await predicted();
  for (const [i, value] of second.entries()) expect(again[i]).toBeCloseTo(value, 5);
});
