// Normalization layers: state, errors, moving averages inside programs. Numbers against Keras stand in test/parity.
import { describe, expect, test } from "vitest";
import { jit, ShapeError, type Tensor, tensor, UnsupportedError, ValueError } from "../../../engine/index.ts";
import { getKerasMask, setKerasMask } from "../../backend/masking.ts";
import * as ops from "../../ops/index.ts";
import { normal } from "../../random/index.ts";
import {
  BatchNormalization,
  Dense,
  Embedding,
  Flatten,
  GroupNormalization,
  LayerNormalization,
  RMSNormalization,
  SpectralNormalization,
  UnitNormalization,
} from "../index.ts";

const x = normal([64, 3], { mean: 5, stddev: 2, seed: 1 });

describe("BatchNormalization", () => {
  test("moving averages approach mean and variance of the data, inside a compiled step too", () => {
    const layer = new BatchNormalization({ momentum: 0.5 });
    layer.build([null, 3]);
    const step = jit((batch: Tensor) => layer(batch, { training: true }));
    for (let i = 0; i < 30; i++) step(x);
    const mean = x.mean(0);
    const variance = x.subtract(mean).multiply(x.subtract(mean)).mean(0);
    expect(layer.movingMean!.value.subtract(mean).max().item()).toBeLessThan(1e-5);
    expect(layer.movingVariance!.value.subtract(variance).max().item()).toBeLessThan(1e-5);
    // Then inference gives what training gives.
    const difference = layer(x).subtract(layer(x, { training: true }));
    expect(difference.max().item()).toBeLessThan(1e-4);
  });

  test("does not move when it is frozen", () => {
    const layer = new BatchNormalization();
    layer(x);
    layer.trainable = false;
    layer(x, { training: true });
    expect(layer.movingMean!.value.arraySync()).toEqual([0, 0, 0]);
  });

  test("refuses what cannot be", () => {
    expect(() => new BatchNormalization({ synchronized: true })).toThrow(UnsupportedError);
    expect(() => new BatchNormalization({ renorm: true, renormClipping: { rmin: 2, rmax: 1 } })).toThrow(
      ValueError,
    );
    expect(() => new BatchNormalization({ axis: 2 })(x)).toThrow(ShapeError);
    expect(() => new BatchNormalization({ axis: 0.5 })).toThrow(ValueError);
    expect(() => new BatchNormalization()(x, { mask: [[true]], training: true })).toThrow(/mask/);
  });
});

test("layer normalization gives each sample mean 0 and variance 1", () => {
  const y = new LayerNormalization({ epsilon: 1e-12 })(x);
  for (const row of y.arraySync() as number[][]) {
    expect(row.reduce((a, b) => a + b)).toBeCloseTo(0, 4);
    expect(row.reduce((a, b) => a + b * b, 0) / 3).toBeCloseTo(1, 4);
  }
});

test("axes are filled in when a layer is built", () => {
  const layer = new LayerNormalization();
  expect(layer.getConfig().axis).toBe(-1);
  layer(x);
  expect(layer.getConfig().axis).toEqual([1]);
});

test("axes that are not there are refused before anything is built", () => {
  for (const layer of [
    new LayerNormalization({ axis: 3 }),
    new RMSNormalization({ axis: 3 }),
    new UnitNormalization({ axis: 3 }),
    new GroupNormalization({ groups: 1, axis: 3 }),
  ]) {
    expect(() => layer(x)).toThrow(ShapeError);
    expect(layer.weights.length).toBe(0);
  }
});

test("groups divide the channels", () => {
  expect(() => new GroupNormalization({ groups: 2 })(x)).toThrow(/multiple/);
  expect(() => new GroupNormalization({ groups: 0 })).toThrow(ValueError);
  const layer = new GroupNormalization({ groups: -1 });
  layer(x);
  expect(layer.groups).toBe(3);
});

test("spectral normalization brings the largest singular value to 1", () => {
  const dense = new Dense(4, { useBias: false });
  const layer = new SpectralNormalization(dense, { powerIterations: 50 });
  layer(x, { training: true });
  layer(x, { training: true });
  // Power iteration by hand.
  const w = dense.kernel!.value;
  const step = jit((v: Tensor): [next: Tensor, norm: Tensor] => {
    const next = w.transpose().matmul(w.matmul(v));
    const norm = ops.sqrt(next.multiply(next).sum());
    return [next.divide(norm), norm];
  });
  let [v, norm] = step(normal([4, 1], { seed: 2 }));
  for (let i = 1; i < 100; i++) [v, norm] = step(v);
  expect(Math.sqrt(norm.item())).toBeCloseTo(1, 4);
  expect(() => new SpectralNormalization(new Flatten())(x)).toThrow(/kernel/);
  expect(() => new SpectralNormalization(dense, { powerIterations: 0 })).toThrow(ValueError);
});

test("SpectralNormalization normalizes the table of an Embedding and keeps the mask of what is inside", () => {
  const layer = new SpectralNormalization(new Embedding(4, 3), { powerIterations: 40 });
  layer.build([null, 2]);
  const table = tensor([
    [3, 0, 0],
    [0, 2, 0],
    [0, 0, 1],
    [0, 0, 0],
  ]);
  layer.setWeights(layer.weights.map((v) => (v.name === "embeddings" ? table : v.value)));
  layer.apply(tensor(Int32Array.of(0, 1), { shape: [1, 2] }), { training: true });
  // Divided by the largest singular value, 3.
  const normalized = layer.weights[0]!.value;
  expect(ops.max(ops.abs(normalized.subtract(table.divide(3)))).item()).toBeLessThan(1e-5);
  const dense = new SpectralNormalization(new Dense(2));
  const x = tensor(new Float32Array(6).fill(1), { shape: [1, 3, 2] });
  setKerasMask(x, tensor(Uint8Array.of(1, 0, 1), { shape: [1, 3], dtype: "bool" }));
  expect(getKerasMask(dense(x))?.arraySync()).toEqual([[true, false, true]]);
});
