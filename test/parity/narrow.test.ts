// Layers and models with weights of 4 bits and fewer, 8-bit floats, GPTQ and AWQ against real Keras.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { gradients, sum, type Tensor, toTensor, vjp } from "../../src/engine/index.ts";
import {
  Dense,
  deserialize,
  EinsumDense,
  Embedding,
  Input,
  Layer,
  type ReversibleEmbedding,
} from "../../src/keras/layers/index.ts";
import { loadModel, Sequential } from "../../src/keras/models/index.ts";
import { deserialize as optimizerFrom } from "../../src/keras/optimizers/index.ts";
import {
  AWQConfig,
  absMaxQuantizeGroupedWithZeroPoint,
  computeFloat8Scale,
  type Float8,
  fakeQuantWithMinMaxVars,
  GPTQConfig,
  quantizeAndDequantize,
} from "../../src/keras/quantizers/index.ts";
import { serializeKerasObject } from "../../src/keras/saving/index.ts";
import { type ArrayRecord, expectClose, loadJson, recordToTensor } from "./fixtures.ts";

type Arrays = readonly ArrayRecord[];

interface Case {
  readonly name: string;
  readonly policy: string;
  readonly mode: string;
  readonly config: { readonly class_name: string } | null;
  readonly layer: object;
  readonly quantized: { readonly config: object };
  readonly input: ArrayRecord;
  readonly lora: number | null;
  readonly weights: Arrays;
  readonly paths: readonly string[];
  readonly after: Arrays;
  readonly stored: Arrays;
  readonly output: ArrayRecord;
  readonly seed: ArrayRecord;
  readonly gradient?: ArrayRecord;
  readonly reverse?: ArrayRecord;
  readonly logits?: ArrayRecord;
}

interface Training {
  readonly name: string;
  readonly layer: object;
  readonly optimizer: { readonly class_name: string };
  readonly variables: Arrays;
  readonly start: Arrays;
  readonly paths: readonly string[];
  readonly steps: readonly (Readonly<Record<"input" | "seed" | "output" | "gradient", ArrayRecord>> &
    Readonly<Record<"gradients" | "after", Arrays>>)[];
  readonly evaluated: ArrayRecord;
  readonly input: ArrayRecord;
}

interface Calibrated {
  readonly mode: "gptq" | "awq";
  readonly settings: Readonly<Record<string, unknown>>;
  readonly before: Arrays;
  readonly weights: readonly (readonly (readonly [string, ArrayRecord])[])[];
  readonly stored: readonly Arrays[];
  readonly configs: readonly object[];
  readonly policies: readonly string[];
  readonly report: readonly [(readonly string[])[], (readonly string[])[]];
  readonly input: ArrayRecord;
  readonly output: ArrayRecord;
}

interface Functions {
  readonly grouped_tensor: readonly (readonly [number, Arrays])[];
  readonly grouped_numpy: readonly (readonly [number, Arrays])[];
  readonly matrix: ArrayRecord;
  readonly float8: readonly (readonly [ArrayRecord, Float8, number, ArrayRecord])[];
  readonly scale: readonly (readonly [number | "inf", number, number, number])[];
  readonly fake: readonly {
    readonly axis: number | null;
    readonly bits: number;
    readonly narrow: boolean;
    readonly args: Arrays;
    readonly seed: ArrayRecord;
    readonly output: ArrayRecord;
    readonly gradients: Arrays;
  }[];
}

const { cases, float8, calibrated, functions, dataset, file } = loadJson("dtypes/narrow.json.gz") as {
  readonly cases: readonly Case[];
  readonly float8: readonly Training[];
  readonly calibrated: readonly Calibrated[];
  readonly functions: Functions;
  readonly dataset: readonly (readonly number[])[];
  readonly file: Readonly<Record<"input" | "output", ArrayRecord>> & { readonly policies: readonly string[] };
};

const tensors = (records: Arrays): Tensor[] => records.map((r) => recordToTensor(r));
const json = (x: unknown): unknown => JSON.parse(JSON.stringify(x));

/** What a layer puts into a file. */
function storedOf(layer: Layer): Tensor[] {
  const found: Tensor[] = [];
  layer.saveOwnVariables({ set: (_, value) => found.push(toTensor(value)) });
  return found;
}

function expectAll(found: readonly unknown[], wanted: Arrays): void {
  expect(found.length).toBe(wanted.length);
  found.forEach((x, i) => {
    expectClose(x as Tensor, wanted[i]!);
    expect((x as Tensor).dtype).toBe(wanted[i]!.dtype);
  });
}

describe.each(cases.map((c, i) => [`${c.name} ${c.mode} ${i} (${c.policy})`, c] as const))("%s", (_, c) => {
  // A bfloat16 has 8 bits.
  const tolerance = c.policy === "float32" ? {} : { rtol: 2e-2 };
  const x = recordToTensor(c.input);
  const call = (layer: Layer): void => {
    const output = layer(x);
    expect(output.dtype).toBe(c.output.dtype);
    expectClose(output, c.output, tolerance);
    if (c.reverse === undefined) return;
    const logits = (layer as unknown as ReversibleEmbedding)(recordToTensor(c.reverse), { reverse: true });
    expectClose(logits, c.logits!, tolerance);
  };

  test("is quantized as in Keras", () => {
    const layer = deserialize(c.layer as never) as Layer & Pick<Dense, "enableLora">;
    layer(x);
    layer.setWeights(tensors(c.weights));
    layer.quantize(c.mode, { config: c.config as never });
    if (c.lora !== null) {
      layer.enableLora(c.lora, { loraAlpha: 3 });
      layer.setWeights(tensors(c.after));
    }
    expect(layer.weights.map((w) => w.name)).toEqual(c.paths);
    expectAll(layer.weights, c.after);
    expectAll(storedOf(layer), c.stored);
    expect(json(serializeKerasObject(layer))).toMatchObject(c.quantized);
    call(layer);
    if (c.gradient === undefined) return;
    const loss = sum(layer(x).astype("float32").multiply(recordToTensor(c.seed)));
    expectClose(gradients(loss, [x])[0]!, c.gradient, tolerance);
  });

  test("is built from its config", () => {
    const layer = deserialize(c.quantized as never) as Layer;
    layer(x);
    expect(layer.weights.map((w) => w.name).sort()).toEqual([...c.paths].sort());
    layer.setWeights(layer.weights.map((w) => recordToTensor(c.after[c.paths.indexOf(w.name)]!)));
    call(layer);
  });
});

describe("training in 8-bit floats gives Keras's gradients, scales and weights", () => {
  test.each(float8.map((c, i) => [`${c.name} ${c.optimizer.class_name} ${i}`, c] as const))("%s", (_, c) => {
    const layer = deserialize(c.layer as never) as Layer;
    expect(layer.weights.map((w) => w.name)).toEqual(c.paths);
    layer.setWeights(tensors(c.start));
    const optimizer = optimizerFrom(c.optimizer);
    optimizer.build(layer.trainableVariables);
    const tolerance = layer.computeDtype === "float32" ? {} : { rtol: 2e-2 };
    for (const step of c.steps) {
      const x = recordToTensor(step.input);
      const output = layer(x, { training: true });
      expectClose(output, step.output, tolerance);
      const loss = sum(output.astype("float32").multiply(recordToTensor(step.seed)));
      const [toX, ...rest] = gradients(loss, [x, ...layer.trainableVariables]);
      expectClose(toX!, step.gradient, tolerance);
      rest.forEach((g, i) => {
        expectClose(g, step.gradients[i]!, tolerance);
      });
      optimizer.apply(rest);
      layer.weights.forEach((w, i) => {
        expectClose(w, step.after[i]!, tolerance);
      });
    }
    expect(optimizer.variables.map((v) => v.shape)).toEqual(c.variables.map((v) => v.shape));
    expectClose(layer(recordToTensor(c.input)), c.evaluated, tolerance);
  });
});

/** Projections as attention has them. */
class Heads extends Layer {
  readonly there = new EinsumDense("abc,cde->abde", [null, 2, 3], { biasAxes: "de", name: "there" });
  readonly back = new EinsumDense("abde,dec->abc", [null, 8], { biasAxes: "c", name: "back" });

  override build(shape: readonly (number | null)[]): void {
    this.there.build(shape);
    this.back.build([...shape.slice(0, -1), 2, 3]);
  }

  override call(x: Tensor): Tensor {
    return x.add(this.back(this.there(x)));
  }
}

describe("calibration finds Keras's numbers", () => {
  const made = () => {
    const embedding = new Embedding(20, 8, { name: "embedding" });
    const wide = new Dense(11, { activation: "relu", name: "wide" });
    const narrow = new Dense(8, { name: "narrow" });
    const first = new Sequential([Input([null, 8]), wide, narrow], { name: "first" });
    const heads = new Heads({ name: "heads" });
    const last = new Dense(20, { name: "last" });
    const model = new Sequential([Input([null], { dtype: "int32" }), embedding, first, heads, last]);
    const quantized: readonly (Dense | EinsumDense)[] = [wide, narrow, heads.there, heads.back];
    return { model, embedding, first, heads, quantized };
  };

  test.each(calibrated.map((c) => [`${c.mode} ${JSON.stringify(c.settings)}`, c] as const))("%s", (_, c) => {
    const { model, embedding, first, heads, quantized } = made();
    model.setWeights(tensors(c.before));
    const options = Object.fromEntries(
      Object.entries(c.settings).map(([key, value]) => [
        key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
        value,
      ]),
    );
    const Config = c.mode === "gptq" ? GPTQConfig : AWQConfig;
    const config = new Config(dataset, (text) => [text.length], {
      ...{ numSamples: 10, sequenceLength: 12, ...options },
      quantizationLayerStructure: { preBlockLayers: [embedding], sequentialBlocks: [first, heads] },
    });
    const report = model.quantize(c.mode, { config, verbose: false });
    // Keras visits layers in another order.
    const names = (rows: readonly (readonly string[])[]): string[] =>
      rows.map(([path, ...rest]) => [path!.split("/").at(-1), ...rest].join()).sort();
    expect(names(report.quantized)).toEqual(names(c.report[0]));
    expect(names(report.skipped)).toEqual(names(c.report[1]));
    quantized.forEach((layer, i) => {
      expect(layer.dtypePolicy.name).toBe(c.policies[i]);
      expect(layer.weights.map((w) => w.name)).toEqual(c.weights[i]!.map(([w]) => w));
      expectAll(
        layer.weights,
        c.weights[i]!.map(([, w]) => w),
      );
      expectAll(storedOf(layer), c.stored[i]!);
    });
    expect(json(quantized[0]!.getConfig().quantization_config)).toEqual(c.configs[0]);
    expectClose(model(recordToTensor({ ...c.input, dtype: "int32" })), c.output);
    expect(() => quantized[0]!.enableLora(2)).toThrow(/LoRA/);
  });

  test("lacks nothing before a layer changes", () => {
    const { model, first, heads } = made();
    const structure = { sequentialBlocks: [first, heads] };
    const before = model.weights.map((w) => w.path);
    expect(() => model.quantize("gptq")).toThrow(/GPTQConfig/);
    expect(() => model.quantize("awq", { config: new GPTQConfig([[1]], () => [1]) })).toThrow(/"gptq"/);
    expect(() => model.quantize("gptq", { config: new GPTQConfig([[1]], () => [1]) })).toThrow(/Structure/);
    const empty = { quantizationLayerStructure: structure };
    expect(() => model.quantize(null, { config: new GPTQConfig(null, null, empty) })).toThrow(/dataset/);
    expect(() => model.quantize(null, { config: new AWQConfig([], () => [1], empty) })).toThrow(/empty/);
    expect(model.weights.map((w) => w.path)).toEqual(before);
    const layer = new Dense(4);
    layer.build([null, 3]);
    layer.quantize("gptq", { config: new GPTQConfig([[1]], () => [1]) });
    expect(() => storedOf(layer)).toThrow(/never calibrated/);
  });

  test("groups that are longer than its blocks have one scale, too", () => {
    const layer = new Dense(3, { name: "d" });
    const model = new Sequential([Input([150]), layer]);
    const x = layer.kernel!.value.transpose();
    const exact = layer(x).arraySync() as number[][];
    const options = { numSamples: 2, sequenceLength: 150, groupSize: -1, weightBits: 8 } as const;
    const structure = { quantizationLayerStructure: { sequentialBlocks: [layer] } };
    const data = Array.from({ length: 300 }, (_, i) => (i * 7919) % 13);
    const config = new GPTQConfig([data], () => [1], { ...options, ...structure });
    model.quantize("gptq", { config, verbose: false });
    (layer(x).arraySync() as number[][]).flat().forEach((y, i) => {
      expect(y).toBeCloseTo(exact.flat()[i]!, 1);
    });
  });
});

describe("functions", () => {
  test("absMaxQuantizeGroupedWithZeroPoint", () => {
    const x = recordToTensor(functions.matrix);
    for (const [block, wanted] of functions.grouped_tensor)
      expectAll(absMaxQuantizeGroupedWithZeroPoint(x, block), wanted);
    for (const [block, wanted] of functions.grouped_numpy)
      expectAll(absMaxQuantizeGroupedWithZeroPoint(x, block, { toNumpy: true }), wanted);
  });

  test("quantizeAndDequantize, computeFloat8Scale", () => {
    for (const [x, dtype, scale, wanted] of functions.float8) {
      const found = quantizeAndDequantize(recordToTensor(x), scale, dtype, "float32").dataSync();
      const values = recordToTensor(wanted).dataSync();
      // Not one rounds to another neighbour.
      expect(Array.from(found)).toEqual(Array.from(values));
    }
    for (const [amax, scale, margin, wanted] of functions.scale)
      expect(computeFloat8Scale(amax === "inf" ? Infinity : amax, scale, 448, margin).item()).toBeCloseTo(
        wanted,
        6,
      );
  });

  test.each(functions.fake)("fakeQuantWithMinMaxVars %#", (c) => {
    const { axis, bits: numBits, narrow: narrowRange } = c;
    const args = tensors(c.args);
    const [output, pull] = vjp(
      (x, low, high) => fakeQuantWithMinMaxVars(x, low, high, { axis, numBits, narrowRange }),
      ...args,
    );
    expectClose(output, c.output);
    pull(recordToTensor(c.seed)).forEach((g, i) => {
      expectClose(g, c.gradients[i]!);
    });
  });
});

test("a model of all ways is read from Keras's file, and from ours", async () => {
  const bytes = readFileSync(new URL("../fixtures/dtypes/narrow.keras.gz", import.meta.url));
  const model = await loadModel(gunzipSync(bytes));
  expect(model.layers.map((layer) => layer.dtypePolicy.name)).toEqual(file.policies);
  const x = recordToTensor(file.input);
  expectClose(await model.predict(x, { verbose: 0 }), file.output);
  const copies: Uint8Array[] = [];
  await model.save(new WritableStream({ write: (chunk) => void copies.push(chunk) }));
  const again = await loadModel(new Uint8Array(Buffer.concat(copies)));
  expect(again.weights.map((w) => [w.name, w.dtype, w.shape])).toEqual(
    model.weights.map((w) => [w.name, w.dtype, w.shape]),
  );
  expectClose(await again.predict(x, { verbose: 0 }), file.output);
});
