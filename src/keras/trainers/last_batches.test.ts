// The last batch of a pass is smaller than the others. It has a program of its own, since what a layer makes of a batch
// (the statistics of BatchNormalization, say) depends on its real size; but it is compiled once, for all epochs, calls and
// models of the same shape, for arrays and for whatever gives batches.
import { describe, expect, test } from "vitest";
import { type Tensor, tensor } from "../../engine/index.ts";
import { compilations } from "../../engine/runtime/compile_once.ts";
import { fromArrays } from "../data/index.ts";
import { BatchNormalization, Dense } from "../layers/index.ts";
import { Sequential } from "../models/index.ts";
import type { DataSource } from "./data_sources.ts";

const [samples, size, width] = [44, 16, 3];
const momentum = 0.9;
const sizes = [16, 16, 12];
const rows = Array.from({ length: samples }, (_, i) =>
  Array.from({ length: width }, (_, j) => Math.sin(1 + i * width + j) + j),
);
const targets = rows.map((row) => [row[0]! - row[1]! * row[2]!]);
const x = tensor(rows);
const y = tensor(targets);

function model(): Sequential {
  const net = new Sequential([
    new BatchNormalization({ momentum, inputShape: [width] }),
    new Dense(5, { activation: "tanh" }),
    new Dense(1),
  ]);
  net.compile({ optimizer: "adam", loss: "mse", metrics: ["mae"] });
  net.setWeights(
    net
      .getWeights()
      .map((w, n) =>
        w.shape.length === 2 ? w.multiply(0).add(tensor(wave(w.shape as [number, number], n))) : w,
      ),
  );
  return net;
}

function wave([m, n]: readonly [number, number], phase: number): number[][] {
  return Array.from({ length: m }, (_, i) =>
    Array.from({ length: n }, (_, j) => Math.cos(phase + i * n + j) / 2),
  );
}

function* batches(): Generator<[Tensor, Tensor]> {
  for (let at = 0; at < samples; at += size) yield [x.slice(at, at + size), y.slice(at, at + size)];
}

const sources: readonly (readonly [string, () => DataSource])[] = [
  ["an iterable", () => ({ [Symbol.iterator]: batches })],
  [
    "an asynchronous one",
    () => ({
      async *[Symbol.asyncIterator]() {
        yield* batches();
      },
    }),
  ],
  ["a sequence", () => ({ length: sizes.length, getItem: (i) => [...batches()][i]! }) satisfies DataSource],
  ["a Dataset", () => fromArrays([x, y]).batch(size) as DataSource],
];

const quiet = { verbose: 0, shuffle: false } as const;

describe("the last, smaller batch", () => {
  test.each(sources)("of %s counts as it would in arrays", async (_, source) => {
    const [streaming, whole] = [model(), model()];
    const streamed = await streaming.fit(source(), undefined, { ...quiet, epochs: 3 });
    const { history } = await whole.fit(x, y, { ...quiet, epochs: 3, batchSize: size });
    for (const name of ["loss", "mae"]) {
      for (let i = 0; i < 3; i++) expect(streamed.history[name]![i]).toBeCloseTo(history[name]![i]!, 5);
    }
    streaming.getWeights().forEach((w, n) => {
      const expected = whole.getWeights()[n]!.dataSync();
      w.dataSync().forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    });
    const [loss, mae] = await streaming.evaluate(source(), undefined, { verbose: 0 });
    // Each sample counts the same, whichever batch it is in.
    const outputs = (await streaming.predict(x, { verbose: 0 })).dataSync();
    const errors = targets.map(([t], i) => outputs[i]! - t!);
    const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / samples;
    expect(loss).toBeCloseTo(mean(errors.map((e) => e * e)), 5);
    expect(mae).toBeCloseTo(mean(errors.map(Math.abs)), 5);
  });

  test("gives BatchNormalization the statistics of its own samples", async () => {
    const net = model();
    await net.fit({ [Symbol.iterator]: batches }, undefined, { ...quiet, epochs: 2 });
    const average = new Array<number>(width).fill(0);
    const variance = new Array<number>(width).fill(1);
    for (let epoch = 0, at = 0; epoch < 2; epoch++, at = 0) {
      for (const count of sizes) {
        const batch = rows.slice(at, (at += count));
        for (let j = 0; j < width; j++) {
          const m = batch.reduce((sum, row) => sum + row[j]!, 0) / count;
          const v = batch.reduce((sum, row) => sum + (row[j]! - m) ** 2, 0) / count;
          average[j] = momentum * average[j]! + (1 - momentum) * m;
          variance[j] = momentum * variance[j]! + (1 - momentum) * v;
        }
      }
    }
    const [, , movingMean, movingVariance] = net.getWeights();
    movingMean!.dataSync().forEach((value, j) => expect(value).toBeCloseTo(average[j]!, 5));
    movingVariance!.dataSync().forEach((value, j) => expect(value).toBeCloseTo(variance[j]!, 5));
  });

  test.each(sources)("of %s is compiled once", async (_, source) => {
    const run = async (net: Sequential, epochs: number): Promise<void> => {
      await net.fit(source(), undefined, { ...quiet, epochs, validationData: source() });
      await net.evaluate(source(), undefined, { verbose: 0 });
      await net.predict(source(), { verbose: 0 });
    };
    const first = model();
    await run(first, 1);
    const before = compilations();
    await run(first, 3);
    await run(model(), 2);
    first.compile({ optimizer: "adam", loss: "mse", metrics: ["mae"] });
    await run(first, 1);
    expect(compilations()).toBe(before);
  });

  test("costs a stream two programs, as many as it has sizes, and arrays one", async () => {
    const wide = (n: number): [Sequential, Tensor, Tensor] => {
      const net = new Sequential([new Dense(1, { inputShape: [n], kernelInitializer: "zeros" })]);
      net.compile({ optimizer: "sgd", loss: "mse" });
      return [net, tensor(new Float32Array(samples * n), { shape: [samples, n] }), y];
    };
    const [net, data, t] = wide(29);
    const parts = [0, 16, 32].map((at): [Tensor, Tensor] => {
      const part: [Tensor, Tensor] = [data.slice(at, at + size), t.slice(at, at + size)];
      for (const p of part) p.dataSync();
      return part;
    });
    net.resetMetrics();
    net.optimizer!.build(net.trainableVariables);
    let before = compilations();
    await net.fit({ [Symbol.iterator]: () => parts.values() }, undefined, { ...quiet, epochs: 4 });
    expect(compilations() - before).toBe(2);
    before = compilations();
    await net.fit(data, t, { ...quiet, epochs: 4, batchSize: size });
    expect(compilations() - before).toBe(1);
  });
});
