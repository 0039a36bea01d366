// Layers of noise while training: statistics, shapes of masks, reproducibility, what is refused.
import { describe, expect, test } from "vitest";
import { full, ShapeError, type Tensor, ValueError } from "../../../engine/index.ts";
import {
  AlphaDropout,
  GaussianDropout,
  GaussianNoise,
  SpatialDropout1D,
  SpatialDropout2D,
  SpatialDropout3D,
} from "../index.ts";

const training = true;

function moments(x: Tensor): [number, number] {
  const mean = x.mean().item();
  return [mean, x.multiply(x).mean().item() - mean * mean];
}

test("gaussian dropout multiplies noise of mean 1 and the variance of dropout", () => {
  const y = new GaussianDropout(0.2, { seed: 1 })(full([200, 200], 2), { training });
  const [mean, variance] = moments(y);
  expect(mean).toBeCloseTo(2, 1);
  expect(variance).toBeCloseTo(4 * (0.2 / 0.8), 1);
});

test("gaussian noise adds noise of mean 0", () => {
  const [mean, variance] = moments(new GaussianNoise(0.5, { seed: 1 })(full([200, 200], 2), { training }));
  expect(mean).toBeCloseTo(2, 1);
  expect(variance).toBeCloseTo(0.25, 2);
});

test("alpha dropout keeps mean 0 and variance 1", () => {
  // Of numbers with mean 0 and variance 1: half of them -1, half 1.
  const x = full([200, 100], 1).reshape(200, 100);
  const both = x.multiply(-1);
  const layer = new AlphaDropout(0.3, { seed: 1 });
  const [a, b] = [moments(layer(x, { training })), moments(layer(both, { training }))];
  const mean = (a[0] + b[0]) / 2;
  expect(mean).toBeCloseTo(0, 1);
  expect((a[1] + a[0] ** 2 + b[1] + b[0] ** 2) / 2 - mean ** 2).toBeCloseTo(1, 1);
  const shared = new AlphaDropout(0.5, { seed: 1, noiseShape: [null, 1] })(x, { training });
  for (const row of shared.arraySync() as number[][]) expect(new Set(row).size).toBe(1);
});

describe("spatial dropout drops whole feature maps", () => {
  test.each([
    ["1D", new SpatialDropout1D(0.5, { seed: 1 }), [8, 5, 6], [1]],
    ["2D", new SpatialDropout2D(0.5, { seed: 1 }), [8, 3, 4, 6], [1, 2]],
    [
      "2D, channels first",
      new SpatialDropout2D(0.5, { seed: 1, dataFormat: "channels_first" }),
      [8, 6, 3, 4],
      [2, 3],
    ],
    ["3D", new SpatialDropout3D(0.5, { seed: 1 }), [8, 2, 3, 2, 6], [1, 2, 3]],
  ] as const)("%s", (_, layer, shape, space) => {
    const y = layer(full([...shape], 1), { training });
    expect(y.max([...space]).arraySync()).toEqual(y.min([...space]).arraySync());
    const kept = y.mean().item();
    expect(kept).toBeGreaterThan(0.4);
    expect(kept).toBeLessThan(1.6);
    expect(() => layer([[1]])).toThrow(ShapeError);
  });
});

test("one seed gives one noise, and each call a new one", () => {
  const x = full([4, 4], 1);
  const [a, b] = [new GaussianNoise(0.5, { seed: 3 }), new GaussianNoise(0.5, { seed: 3 })];
  const first = a(x, { training }).arraySync();
  expect(b(x, { training }).arraySync()).toEqual(first);
  expect(a(x, { training }).arraySync()).not.toEqual(first);
});

test("rates and deviations lie between 0 and 1", () => {
  expect(() => new GaussianDropout(1.5)).toThrow(ValueError);
  expect(() => new GaussianNoise(-1)).toThrow(ValueError);
  expect(() => new AlphaDropout(2)).toThrow(ValueError);
  expect(() => new SpatialDropout1D(2)).toThrow(ValueError);
});
