/** What is seen of a model while it trains: against numbers worked out by hand. */
import { expect, test } from "vitest";
import { type Tensor, tensor } from "../../engine/index.ts";
import { Conv2D, Dense, Flatten, Input } from "../layers/index.ts";
import { Sequential } from "../models/index.ts";
import { histogramOf, Inspector } from "./insight.ts";
import { insightDrawings } from "./insight_drawing.ts";

const total = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

test("histograms count every finite value once, over the whole range", () => {
  const { low, high, counts } = histogramOf([0, 1, 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 24]);
  expect([low, high]).toEqual([0, 24]);
  expect(counts).toHaveLength(24);
  expect([counts[0], counts[1], counts[23]]).toEqual([2, 2, 1]);
  expect(total(histogramOf([]).counts)).toBe(0);
  expect(histogramOf([3, 3]).counts[0]).toBe(2);
});

test("a function of one number: its curve, its samples, weights and gradients of the layers", async () => {
  const model = new Sequential([Input([1]), new Dense(1, { name: "line", kernelInitializer: "ones" })]);
  model.compile({ loss: "mse", optimizer: "sgd" });
  // y = x, targets 0: dL/dw = 2 mean(x²), dL/db = 2 mean(x).
  const x = tensor([[0], [1], [2], [3]]);
  const seen = await new Inspector(model).look([x, tensor([[0], [0], [0], [0]])], 1e6, true);
  expect(seen.plane).toBeUndefined();
  const { curve, layers } = seen;
  expect(curve!.x[0]).toBeCloseTo(-0.15);
  expect(curve!.x.at(-1)).toBeCloseTo(3.15);
  curve!.curves[0]!.forEach((y, i) => expect(y).toBeCloseTo(curve!.x[i]!, 5));
  expect(curve!.samples).toEqual([
    [0, 0],
    [1, 0],
    [2, 0],
    [3, 0],
  ]);
  expect(layers).toMatchObject([
    { name: "line", weights: { low: 0, high: 1 }, gradients: { low: 3, high: 7 } },
  ]);
});

test("a function of the plane: what it says of each place, and the classes of the samples", async () => {
  const model = new Sequential([Input([2]), new Dense(1, { kernelInitializer: "ones" })]);
  model.compile({ loss: "mse", optimizer: "sgd" });
  const x = tensor([
    [0, 0],
    [1, 2],
  ]);
  const { plane, curve } = await new Inspector(model).look([x, tensor([[0], [1]])], 1e6, true);
  expect(curve).toBeUndefined();
  const { left, right, bottom, top, side, values, samples } = plane!;
  [left, right, bottom, top].forEach((v, i) => expect(v).toBeCloseTo([-0.05, 1.05, -0.1, 2.1][i]!, 6));
  expect(values[0]).toBeCloseTo(left + (right - left) / 2 / side + bottom + (top - bottom) / 2 / side, 5);
  expect(values[side - 1]).toBeCloseTo(
    right - (right - left) / 2 / side + bottom + (top - bottom) / 2 / side,
    5,
  );
  expect(samples).toEqual([
    [0, 0, 0],
    [1, 2, 1],
  ]);
});

test("other models show their layers alone, and what cannot be compiled shows nothing", async () => {
  const images = new Sequential([Input([6, 6, 1]), new Conv2D(2, 3), new Flatten(), new Dense(3)]);
  images.compile({ loss: "mse", optimizer: "sgd" });
  const x = tensor(new Float32Array(4 * 36)).reshape(4, 6, 6, 1);
  const seen = await new Inspector(images).look([x, tensor(new Float32Array(12)).reshape(4, 3)], 1e6, true);
  expect(
    seen.layers.map(({ name, gradients }) => [name.replace(/_\d+$/, ""), gradients !== undefined]),
  ).toEqual([
    ["conv2d", true],
    ["dense", true],
  ]);
  expect([seen.curve, seen.plane]).toEqual([undefined, undefined]);

  class Odd extends Sequential {
    override predictStep(): Tensor {
      throw new Error("not like this");
    }
  }
  const odd = new Odd([Input([1]), new Dense(1)]);
  odd.compile({ loss: "mse", optimizer: "sgd" });
  const one = tensor([[1]]);
  expect((await new Inspector(odd).look([one, one], 1e6, true)).curve).toBeUndefined();
});

test("nothing is looked at before there is time for it", async () => {
  const model = new Sequential([Input([1]), new Dense(1)]);
  model.compile({ loss: "mse", optimizer: "sgd" });
  const inspector = new Inspector(model);
  const samples = [tensor([[1]]), tensor([[1]])] as const;
  expect(await inspector.look(samples, 100, false)).toEqual({ layers: [] });
  const brief = await inspector.look(samples, 400, true);
  expect([brief.layers[0]!.gradients, brief.curve !== undefined]).toEqual([undefined, true]);
  expect((await inspector.look(samples, 1e6, false)).layers).toHaveLength(1);
});

test("drawings show bars, lines, a picture and dots", async () => {
  const histogram = { low: -1, high: 1, counts: [1, 0, 2] };
  const drawn = await insightDrawings({
    layers: [{ name: "a<b", weights: histogram, gradients: histogram }],
    curve: { x: [0, 1], curves: [[0, 1]], samples: [[0.5, 0.5]] },
    plane: {
      ...{ left: 0, right: 1, bottom: 0, top: 1, side: 2, outputs: 1, values: [0, 0, 1, 1] },
      samples: [[0.5, 0.5, 1]],
    },
  });
  expect(drawn).toHaveLength(3);
  expect(drawn[0]).toContain("<circle");
  expect(drawn[1]).toContain('href="data:image/png;base64,');
  expect(drawn[2]).toContain("a&lt;b");
  // Four bars: two of weights, two of gradients.
  expect(drawn[2]!.match(/M[\d.]+ \d+v-/g)).toHaveLength(4);
});
