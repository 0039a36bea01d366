// Recurrent layers beside the fixtures: trained inside one program, with state, against steps written out.
import { describe, expect, test } from "vitest";
import { tensor } from "../../../engine/index.ts";
import { Sequential } from "../../models/index.ts";
import * as ops from "../../ops/index.ts";
import { setRandomSeed } from "../../utils/index.ts";
import { Dense } from "../core/dense.ts";
import { Embedding } from "../core/embedding.ts";
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
