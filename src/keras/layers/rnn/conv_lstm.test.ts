// What the fixtures of Keras do not cover: states between batches, masks, dropout and mistakes.
import { expect, test } from "vitest";
import { gradients, type Tensor, tensor } from "../../../engine/index.ts";
import * as ops from "../../ops/index.ts";
import { ConvLSTM1D, ConvLSTM2D, LSTM } from "../index.ts";

const values = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin(i));

const largest = (x: Tensor): number => ops.max(ops.abs(x)).item();

test("with one place of space and windows of one element it is an LSTM", () => {
  const x = tensor(values(2 * 4 * 3), { shape: [2, 4, 3] });
  const lstm = new LSTM(2, { returnSequences: true });
  const want = lstm(x);
  for (const dataFormat of ["channels_last", "channels_first"] as const) {
    const last = dataFormat === "channels_last";
    const layer = new ConvLSTM1D(2, 1, { returnSequences: true, dataFormat });
    const images = last ? x.reshape(2, 4, 1, 3) : x.reshape(2, 4, 3, 1);
    layer.build(images.shape);
    layer.setWeights(lstm.weights.map((v, i) => (i < 2 ? v.value.reshape(1, ...v.shape) : v.value)));
    const got = layer(images).reshape(2, 4, 2);
    expect(largest(got.subtract(want))).toBeLessThan(1e-6);
  }
});

test("a stateful layer goes on where it was, and resetState begins anew", () => {
  const x = tensor(values(2 * 6 * 4 * 1), { shape: [2, 6, 4, 1] });
  const layer = new ConvLSTM1D(3, 3, { padding: "same", stateful: true });
  const whole = new ConvLSTM1D(3, 3, { padding: "same" });
  layer.build([2, 3, 4, 1]);
  whole.build(x.shape);
  whole.setWeights(layer.weights.map((v) => v.value));
  layer(x.at([], [0, 3]));
  const got = layer(x.at([], [3, 6]));
  expect(largest(got.subtract(whole(x)))).toBeLessThan(1e-6);
  layer.resetState();
  const first = whole(x.at([], [0, 3]));
  expect(largest(layer(x.at([], [0, 3])).subtract(first))).toBeLessThan(1e-6);
});

test("dropout draws one mask for all steps, for each gate its own", () => {
  const x = tensor(new Float32Array(400).fill(1), { shape: [1, 2, 200, 1] });
  // With these weights the state is σ(10)·tanh(c) of the candidate's inputs alone.
  const layer = new ConvLSTM1D(1, 1, { dropout: 0.5, seed: 1, returnSequences: true, activation: "linear" });
  layer.build(x.shape);
  layer.setWeights([[[[0, 0, 1, 0]]], [[[0, 0, 0, 0]]], [20, -20, 0, 20]]);
  const out = layer.apply(x, { training: true });
  const [first, second] = [out.at(0, 0).dataSync(), out.at(0, 1).dataSync()];
  const kept = first.filter((v) => Math.abs(v - 2) < 1e-3).length;
  const dropped = first.filter((v) => v === 0).length;
  expect(kept + dropped).toBe(200);
  expect(Math.abs(kept - 100)).toBeLessThan(30);
  expect(second).toEqual(first);
  expect(layer(x).at(0, 0).dataSync()[0]).toBeCloseTo(1, 3);
  const recurrent = new ConvLSTM1D(1, 1, { recurrentDropout: 0.5, seed: 1, activation: "linear" });
  recurrent.build(x.shape);
  recurrent.setWeights([[[[0, 0, 1, 0]]], [[[0, 0, 1, 0]]], [20, -20, 0, 20]]);
  const last = recurrent.apply(x, { training: true }).dataSync();
  // 1 and, unless it is dropped, twice the state 1.
  expect(new Set([...last].map((v) => Math.round(v)))).toEqual(new Set([1, 3]));
});

test("it trains through the steps", () => {
  const x = tensor(values(1 * 3 * 4 * 4 * 1), { shape: [1, 3, 4, 4, 1] });
  const layer = new ConvLSTM2D(1, 2, { dropout: 0.2, recurrentDropout: 0.2, seed: 2 });
  layer.build(x.shape);
  const [kernel] = layer.weights;
  const grads = gradients(layer.apply(x, { training: true }).sum(), [kernel!.value]);
  expect(largest(grads[0]!)).toBeGreaterThan(0);
});

test("what cannot work is said before there are weights", () => {
  expect(() => new ConvLSTM2D(0, 3)).toThrow("ConvLSTM2D: expected filters to be a positive whole number");
  expect(() => new ConvLSTM2D(1, 3, { strides: 2, dilationRate: 2 })).toThrow("strides and dilationRate");
  const layer = new ConvLSTM1D(1, 3);
  expect(() => layer.build([null, 5, null, 2])).toThrow(
    "expected inputs whose space and channels have known",
  );
  expect(() => layer.build([null, 5, 2, 2])).toThrow("do not fit into an axis of length 2");
  expect(layer.weights).toEqual([]);
  layer.build([null, 5, 6, 2]);
  expect(() => layer(tensor(values(5 * 7 * 2), { shape: [1, 5, 7, 2] }))).toThrow("axis 2");
});
