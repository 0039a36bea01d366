import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { type Tensor, tensor, treeLeaves } from "../../engine/index.ts";
import * as layers from "../layers/index.ts";
import { Model, Sequential } from "../models/index.ts";
import { setRandomSeed } from "../utils/index.ts";

const folder = mkdtempSync(join(tmpdir(), "tsuno-export-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Predict = (x: unknown) => unknown;

/** Numbers that look like data, the same each time. */
function wave(shape: readonly number[], scale = 1): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(Float32Array.from({ length: size }, (_, i) => scale * Math.sin(1 + 12.9898 * i))).reshape(
    ...shape,
  );
}

function tokens(shape: readonly number[], most: number): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(Int32Array.from({ length: size }, (_, i) => (i * 7 + 3) % most)).reshape(...shape);
}

/** Weights that are not what models begin with, so that biases and statistics count. */
function shake(model: Model): void {
  model.setWeights(
    model.getWeights().map((w, i) => {
      const noise = wave(w.shape, 0.3).add(0.05 * i);
      return model.weights[i]!.path.endsWith("variance") ? noise.multiply(noise).add(0.5) : w.add(noise);
    }),
  );
}

async function exported(model: Model, name: string, format: "wasm" | "js"): Promise<Predict> {
  const file = join(folder, `${name}.${format === "wasm" ? "wasm" : "mjs"}`);
  await model.export(file);
  const { predict } = (await import(pathToFileURL(file.replace(/\.wasm$/, ".js")).href)) as {
    predict: Predict;
  };
  return predict;
}

function expectClose(actual: unknown, expected: unknown): void {
  const [a, e] = [actual, expected].map((x) => treeLeaves(x) as number[]);
  expect(a!.length).toBe(e!.length);
  for (const [i, value] of e!.entries())
    expect(Math.abs(a![i]! - value)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(value)));
}

setRandomSeed(3);
const dense = (): Model =>
  new Sequential([
    new layers.Dense(20, { inputShape: [1], activation: "sigmoid" }),
    new layers.Dense(1, { activation: "linear" }),
  ]);

function convnet(): Model {
  return new Sequential([
    layers.Input([12, 12, 3]),
    new layers.Conv2D(8, 3, { activation: "relu", padding: "same" }),
    new layers.BatchNormalization(),
    new layers.MaxPooling2D({ poolSize: 2 }),
    new layers.DepthwiseConv2D(3, { strides: 2 }),
    new layers.Conv2DTranspose(4, 3),
    new layers.GlobalAveragePooling2D(),
    new layers.Dropout(0.5),
    new layers.Dense(10, { activation: "softmax" }),
  ]);
}

function textNet(): Model {
  const x = layers.Input([7], { dtype: "int32" });
  const embedded = new layers.Embedding(20, 6, { maskZero: true })(x);
  const both = new layers.Bidirectional(new layers.LSTM(5, { returnSequences: true }))(embedded);
  return new Model({ inputs: x, outputs: new layers.Dense(3)(new layers.GRU(4)(both)) });
}

function attention(): Model {
  const x = layers.Input([6, 8]);
  const y = new layers.MultiHeadAttention(2, 4)(x, x);
  const z = new layers.LayerNormalization()(new layers.Add()([x, y]));
  return new Model({ inputs: x, outputs: new layers.Dense(8, { activation: "gelu" })(z) });
}

describe.each(["wasm", "js"] as const)("a model leaves as %s", (format) => {
  test.each([
    ["dense", dense, (n: number) => wave([n, 1])],
    ["convnet", convnet, (n: number) => wave([n, 12, 12, 3])],
    ["text", textNet, (n: number) => tokens([n, 7], 20)],
    ["attention", attention, (n: number) => wave([n, 6, 8])],
  ] as const)("%s: any number of samples gives what predict gives", async (name, make, data) => {
    const model = make();
    shake(model);
    const predict = await exported(model, name, format);
    for (const n of [1, 2, 21]) {
      const x = data(n);
      const expected = await model.predict(x, { verbose: 0 });
      expectClose(predict(x.arraySync()), expected.arraySync());
      expectClose([...(predict(x.dataSync()) as Float32Array)], [...expected.dataSync()]);
    }
    expect(predict([])).toEqual([]);
  });

  test("several inputs and outputs keep their structure", async () => {
    const a = layers.Input([2], { name: "a" });
    const b = layers.Input([3], { name: "b" });
    const both = new layers.Concatenate()([a, b]);
    const model = new Model({
      inputs: { first: a, "the second": b },
      outputs: { sum: new layers.Dense(1)(both), pair: [a.multiply(2), new layers.Dense(2)(both)] },
    });
    const predict = await exported(model as unknown as Model, "several", format);
    const x = { first: wave([5, 2]), "the second": wave([5, 3]) };
    const given = { first: x.first.arraySync(), "the second": x["the second"].arraySync() };
    const expected = (await model.predict(x, { verbose: 0 })) as unknown as {
      readonly sum: Tensor;
      readonly pair: readonly Tensor[];
    };
    const found = predict(given) as { sum: number[][]; pair: number[][][] };
    expectClose(found.sum, expected.sum.arraySync());
    expectClose(found.pair[1], expected.pair[1]!.arraySync());
    expect(found.pair[0]).toEqual(expected.pair[0]!.arraySync());
    expect(() => predict({ first: given.first })).toThrow(/the second needs samples of shape \[3\]|b needs/);
    expect(() => predict({ ...given, first: [[1, 2]] })).toThrow(/same number of samples/);
  });

  test("wrong inputs are refused", async () => {
    const predict = await exported(dense(), "wrong", format);
    for (const x of [[[1, 2]], [[1], [2, 3]], 3, null, "text"])
      expect(() => predict(x)).toThrow(/needs samples of shape \[1\]/);
  });
});

test("the tutorial's model is under 12 KB, its script under 3 KB, and has types", async () => {
  await dense().export(join(folder, "tutorial.wasm"));
  const size = (name: string): number => statSync(join(folder, `tutorial.${name}`)).size;
  expect(size("js")).toBeLessThan(3000);
  expect(size("wasm") + size("js") + size("d.ts")).toBeLessThan(12_000);
  const types = readFileSync(join(folder, "tutorial.d.ts"), "utf8");
  expect(types).toContain("export declare function predict(x: Numbers): Float32Array;");
  expect(types).toContain("export declare function predict(x: number[][]): number[][];");
});

test("a stream or a handle takes plain JavaScript; wasm needs a name", async () => {
  let text = "";
  const sink = (): WritableStream<Uint8Array> =>
    new WritableStream({ write: (bytes) => void (text += new TextDecoder().decode(bytes)) });
  await dense().export(sink(), { format: "js", batchSize: 1 });
  expect(text).toContain("export function predict");
  expect(text).not.toContain("many");
  await expect(dense().export(sink(), { format: "wasm" })).rejects.toThrow(/three files, so it needs a name/);
});

test("what cannot leave says why", async () => {
  const model = dense();
  const to = join(folder, "never.wasm");
  await expect(model.export(join(folder, "never"))).rejects.toThrow(/say in which format/);
  await expect(model.export(to, { format: "wams" as "wasm" })).rejects.toThrow(/Did you mean "wasm"/);
  await expect(model.export(to, { format: "litert" as "wasm" })).rejects.toThrow(/only be written by Keras/);
  await expect(model.export(to, { batchSize: 0 })).rejects.toThrow(/batchSize/);
  const open = new Sequential([layers.Input([null, 3]), new layers.GRU(2)]);
  await expect(open.export(to)).rejects.toThrow(/compiled for one shape/);
  await open.export(to, { inputSignature: [{ shape: [null, 4, 3] }] });
  expect(statSync(to).size).toBeGreaterThan(100);
  const stateful = new Sequential([
    layers.Input({ batchShape: [1, 4, 3] }),
    new layers.GRU(2, { stateful: true }),
  ]);
  await expect(stateful.export(join(folder, "state.wasm"), { batchSize: 1 })).rejects.toThrow(
    /changes .*when it predicts/,
  );
  await expect(new Sequential([new layers.Dense(1)]).export(to)).rejects.toThrow(/symbolic inputs/);
});
