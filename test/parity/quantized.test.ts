// Layers and a model with weights in int8 against real Keras.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { gradients, StateError, sum, UnsupportedError, ValueError } from "../../src/engine/index.ts";
import { Dense, deserialize, EinsumDense, type Layer, ReLU } from "../../src/keras/layers/index.ts";
import { loadModel, modelFromJson } from "../../src/keras/models/index.ts";
import { AbsMaxQuantizer, Int8QuantizationConfig } from "../../src/keras/quantizers/index.ts";
import { serializeKerasObject } from "../../src/keras/saving/index.ts";
import { type ArrayRecord, expectClose, loadJson, recordToTensor } from "./fixtures.ts";

interface Case {
  readonly name: string;
  readonly policy: string;
  readonly layer: object;
  readonly quantized: { readonly config: object };
  readonly input: ArrayRecord;
  readonly weights: readonly ArrayRecord[];
  readonly paths: readonly string[];
  readonly after: readonly ArrayRecord[];
  readonly output: ArrayRecord;
  readonly seed: ArrayRecord;
  readonly gradient: ArrayRecord | null;
}

const { cases, model: saved } = loadJson("dtypes/quantized.json.gz") as {
  readonly cases: readonly Case[];
  readonly model: Readonly<Record<"model" | "quantized", object>> &
    Readonly<Record<"x" | "before" | "output", ArrayRecord>> &
    Readonly<Record<"weights" | "after", readonly ArrayRecord[]>>;
};

describe.each(cases.map((c, i) => [`${c.name} ${i} (${c.policy})`, c] as const))("%s", (_, c) => {
  const tolerance = c.policy === "float32" ? {} : { rtol: 1e-2 };
  const x = recordToTensor(c.input);

  test("is quantized as in Keras", () => {
    const layer = deserialize(c.layer as never) as Layer;
    layer(x);
    layer.setWeights(c.weights.map((w) => recordToTensor(w)));
    layer.quantize("int8");
    expect(layer.weights.map((w) => w.name)).toEqual(c.paths);
    layer.weights.forEach((w, i) => {
      expect(w.dtype).toBe(c.after[i]!.dtype);
      expectClose(w, c.after[i]!);
    });
    const output = layer(x);
    expect(output.dtype).toBe(c.output.dtype);
    expectClose(output, c.output, tolerance);
    expect(JSON.parse(JSON.stringify(serializeKerasObject(layer)))).toMatchObject(c.quantized);
    if (c.gradient === null) return;
    const loss = sum(output.astype("float32").multiply(recordToTensor(c.seed)));
    expectClose(gradients(loss, [x])[0]!, c.gradient, tolerance);
    expect(() => layer.quantize("int8")).toThrow(StateError);
  });

  test("is read from a quantized config", () => {
    const layer = deserialize(c.quantized as never) as Layer;
    layer(x);
    expect(layer.weights.map((w) => [w.name, w.dtype])).toEqual(
      c.paths.map((p, i) => [p, c.after[i]!.dtype]),
    );
    layer.setWeights(c.after.map((w) => recordToTensor(w)));
    expectClose(layer(x), c.output, tolerance);
  });
});

test("a model quantizes the layers that are meant, and its programs follow", async () => {
  const model = modelFromJson(JSON.stringify(saved.model));
  model.setWeights(saved.weights.map((w) => recordToTensor(w)));
  const x = recordToTensor(saved.x);
  expectClose(await model.predict(x, { verbose: 0 }), saved.before);
  const report = model.quantize("int8", { filters: "table|wide", verbose: false });
  expect(report.quantized.map(([path]) => path)).toEqual(
    ["net/table", "net/wide"].map((p) =>
      p.replace("net/", model.getLayer("table").path.replace("table", "")),
    ),
  );
  expect(report.skipped.map(([, why]) => why)).toEqual(["filtered out", "filtered out"]);
  model.weights.forEach((w, i) => {
    expectClose(w, saved.after[i]!);
  });
  expectClose(await model.predict(x, { verbose: 0 }), saved.output);
  const again = modelFromJson(JSON.stringify(saved.quantized));
  again.setWeights(saved.after.map((w) => recordToTensor(w)));
  expectClose(await again.predict(x, { verbose: 0 }), saved.output);
});

test("dots in an equation, inputs that stay floats, and LoRA beside int8", () => {
  const x = recordToTensor(cases.find((c) => c.name === "EinsumDense")!.input);
  const layer = new EinsumDense("...x,xy->...y", 5, { biasAxes: "y" });
  const before = layer(x);
  layer.quantize("int8");
  expectClose(layer(x).subtract(before), { shape: before.shape, dtype: "float32", fill: 0 }, { atol: 0.05 });
  const config = new Int8QuantizationConfig({ activationQuantizer: null });
  const dense = new Dense(3);
  const whole = dense(x);
  dense.quantize("int8", { config });
  expectClose(dense(x).subtract(whole), { shape: whole.shape, dtype: "float32", fill: 0 }, { atol: 0.02 });
  const plain = dense(x);
  dense.enableLora(2, { bInitializer: "ones" });
  const { a, b } = dense.lora.factors!;
  const change = x.matmul(a).matmul(b);
  expectClose(
    dense(x).subtract(plain.add(change)),
    { shape: whole.shape, dtype: "float32", fill: 0 },
    { atol: 1e-5 },
  );
});

test("what cannot be quantized says so, and stays as it is", () => {
  expect(() => new ReLU().quantize("int8")).toThrow(UnsupportedError);
  expect(() => new Dense(2).quantize("int8")).toThrow(StateError);
  const layer = new Dense(2, { dtype: "mixed_float16" });
  layer([[1, 2]]);
  expect(() => layer.quantize("int5")).toThrow(ValueError);
  expect(() => layer.quantize("int4", { config: new Int8QuantizationConfig() })).toThrow(/"int8"/);
  expect(() => layer.quantize("int8")).toThrow(/float16/);
  expect(layer.weights.map((w) => w.dtype)).toEqual(["float32", "float32"]);
  class Own extends Dense {}
  const own = new Own(1);
  own([[1]]);
  expect(() => own.quantize("int8")).toThrow(UnsupportedError);
  own.quantize("int8", { typeCheck: false });
  expect(own.kernel!.dtype).toBe("int8");
  expect(() => new AbsMaxQuantizer({ valueRange: [-200, 200] })).toThrow(/-128/);
});

test("a quantized model is read from Keras's file, and from ours", async () => {
  const file = new URL("../fixtures/dtypes/int8.keras.gz", import.meta.url);
  const { x, output } = loadJson("dtypes/int8.json.gz") as Readonly<Record<"x" | "output", ArrayRecord>>;
  const model = await loadModel(gunzipSync(readFileSync(file)));
  const given = await model.predict(recordToTensor(x), { verbose: 0 });
  expectClose(given, output);
  const copies: Uint8Array[] = [];
  await model.save(new WritableStream({ write: (chunk) => void copies.push(chunk) }));
  const again = await loadModel(new Uint8Array(Buffer.concat(copies)));
  expect(again.getWeights().map((w) => w.dtype)).toEqual(model.getWeights().map((w) => w.dtype));
  expectClose(await again.predict(recordToTensor(x), { verbose: 0 }), output);
});
