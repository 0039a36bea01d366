// What leaves as ONNX gives in ONNX Runtime what real Keras gives: every layer, and whole models.
import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Tensor, treeLeaves, treeMap } from "../../src/engine/index.ts";
import type { ShapeTree } from "../../src/keras/backend/keras_tensor.ts";
import { type AnyLayer, deserialize, type Tensors } from "../../src/keras/layers/index.ts";
import { Model, modelFromJson } from "../../src/keras/models/index.ts";
import { snakeToCamel } from "../../src/keras/saving/config.ts";
import { runOnnx } from "../support/onnx_runtime.ts";
import {
  type ArrayRecord,
  expectClose,
  fixtureNames,
  isArrayRecord,
  loadFixture,
  loadJson,
  recordToTensor,
} from "./fixtures.ts";
import { type Records, single, tensorsOf } from "./model_fixture.ts";
import { tokenLayers } from "./token_layer_fixture.ts";

interface LayerCase {
  readonly id: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** Layers that change images at random are recorded in another way. */
  readonly inputs?: readonly unknown[];
  readonly input_masks?: readonly unknown[];
  readonly call_kwargs?: Readonly<Record<string, unknown>>;
  readonly weights: readonly ArrayRecord[];
  readonly output: unknown;
  readonly adapt_data?: ArrayRecord;
  readonly alternatives?: { readonly jax?: Partial<LayerCase> };
}

/** Calls one layer with fixed options. */
class Around extends Model<Tensors> {
  readonly inner: AnyLayer;
  readonly #options: Record<string, unknown>;

  constructor(inner: AnyLayer, options: Record<string, unknown>) {
    super();
    this.inner = inner;
    this.#options = options;
    this.built = true;
  }

  override call(x: Tensors): Tensors {
    return this.inner.apply(x, this.#options);
  }
}

async function exported(model: Model<Tensors>, x?: Tensors): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const sink = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
  const inputSignature =
    x === undefined
      ? null
      : (treeMap((t) => {
          const { shape, dtype } = t as Tensor;
          return { shape: [null, ...shape.slice(1)], dtype };
        }, x) as { readonly shape: (number | null)[] });
  await model.export(sink, { format: "onnx", inputSignature });
  return chunks[0]!;
}

const records = (value: unknown): unknown => {
  if (isArrayRecord(value)) return recordToTensor(value);
  return Array.isArray(value) ? value.map(records) : value;
};

const recordsIn = (tree: unknown): ArrayRecord[] =>
  isArrayRecord(tree)
    ? [tree]
    : tree === null
      ? []
      : Object.keys(tree as object)
          .sort()
          .flatMap((key) => recordsIn((tree as Record<string, unknown>)[key]));

/** Why a case says nothing about inference on any number of samples. */
function unfit(c: LayerCase): boolean {
  if (c.inputs === undefined || c.call_kwargs === undefined || c.config["stateful"] === true) return true;
  // They change images in training alone, in which they were recorded.
  if (/^layers\/(Equalization|Solarization)\//.test(c.id)) return true;
  // Of inputs without an axis of samples the first axis of the result is another one.
  const samples = (tree: unknown): number | undefined => recordsIn(tree)[0]?.shape[0];
  if (samples(c.inputs) !== samples(c.output)) return true;
  const { training, ...rest } = c.call_kwargs ?? {};
  const masked = (c.input_masks ?? []).flat().some((mask) => mask !== null);
  return training === true || masked || Object.values(rest).some((v) => typeof v === "object" && v !== null);
}

/** The cases of a layer that say something about inference. */
function casesOf(name: string): readonly LayerCase[] {
  return loadFixture<LayerCase>("layers", name)
    .cases.map((c) => ({ ...c, ...c.alternatives?.jax }))
    .filter((c) => !unfit(c));
}

const names = fixtureNames("layers").filter(
  (name) => !tokenLayers.includes(name) && casesOf(name).length > 0,
);

describe.each(names)("layers.%s", (name) => {
  for (const c of casesOf(name)) {
    test(c.id, async () => {
      const layer = deserialize({
        module: "keras.layers",
        class_name: name,
        config: c.config,
        registered_name: null,
      });
      if (c.adapt_data !== undefined)
        (layer as unknown as { adapt(data: Tensor): void }).adapt(recordToTensor(c.adapt_data));
      const list = (c.inputs ?? []).map(records);
      const x = (list.length === 1 ? list[0] : list) as Tensors;
      if (!layer.built) layer.build(treeMap((t) => [...(t as Tensor).shape], x) as ShapeTree);
      layer.setWeights(c.weights.map(recordToTensor));
      const options = Object.fromEntries(
        Object.entries(c.call_kwargs ?? {}).map(([k, v]) => [snakeToCamel(k), v]),
      );
      const file = await exported(new Around(layer, options), x);
      const outputs = Object.values(await runOnnx(file, treeLeaves(x) as Tensor[]));
      const expected = recordsIn(c.output);
      expect(outputs.length).toBe(expected.length);
      for (const [i, record] of expected.entries()) {
        // What Keras computes in 16 bits leaves as float32.
        const near = /float16/.test(record.dtype) ? 2e-3 : 1e-5;
        expectClose(outputs[i]!, record, { rtol: near, atol: near });
      }
    });
  }
});

interface ModelCase {
  readonly id: string;
  readonly class_name: string;
  readonly config: object;
  readonly inputs: ArrayRecord | readonly ArrayRecord[];
  readonly weights: readonly ArrayRecord[];
  readonly output: ArrayRecord | readonly ArrayRecord[];
}

const listOf = <T>(x: T | readonly T[]): readonly T[] => (Array.isArray(x) ? x : [x as T]);

describe.each(fixtureNames("models"))("models: %s", (name) => {
  test.each(loadFixture<ModelCase>("models", name).cases.map((c) => [c.id, c] as const))(
    "%s",
    async (_, c) => {
      const model = modelFromJson(
        JSON.stringify({ module: "keras", class_name: c.class_name, config: c.config }),
      );
      model.setWeights(c.weights.map(recordToTensor));
      const inputs = listOf(c.inputs).map(recordToTensor);
      const feeds = Object.fromEntries(model.inputs.map((x, i) => [x.name, inputs[i]!]));
      const outputs = Object.values(await runOnnx(await exported(model), feeds));
      listOf(c.output).forEach((record, i) => {
        expectClose(outputs[i]!, record, { rtol: 1e-5, atol: 1e-5 });
      });
    },
  );
});

interface SavedModel {
  readonly model: object;
  readonly inputs: Records;
  readonly start_values: { readonly weights: readonly ArrayRecord[] };
}

/** Without those that need code of their own. */
const saved = readdirSync(new URL("../fixtures/keras-models/", import.meta.url))
  .filter((file) => file.endsWith(".json.gz"))
  .map((file) => file.replace(".json.gz", ""))
  .filter((name) => !["lambda_python", "custom_layer"].includes(name));

test.each(saved)("saved models: %s", async (name) => {
  const {
    model: config,
    inputs,
    start_values: start,
  } = loadJson(`keras-models/${name}.json.gz`) as SavedModel;
  const model = modelFromJson(JSON.stringify(config));
  model.setWeights(start.weights.map(recordToTensor));
  const x: Tensors = single(tensorsOf(inputs));
  // That this is what Keras gives, saved_models.test.ts says.
  const expected = treeLeaves(await model.predict(x, { verbose: 0 })) as Tensor[];
  const outputs = Object.values(await runOnnx(await exported(model, x), treeLeaves(x) as Tensor[]));
  expect(outputs.length).toBe(expected.length);
  // 16-bit floats are computed in float32.
  const near = name === "mixed_float16" ? 5e-3 : 1e-5;
  for (const [i, y] of expected.entries()) {
    const [found, want] = [outputs[i]!.dataSync(), y.astype("float32").dataSync()];
    expect([...outputs[i]!.shape]).toEqual([...y.shape]);
    for (const [k, value] of want.entries())
      expect(Math.abs(found[k]! - value)).toBeLessThanOrEqual(near * Math.max(1, Math.abs(value)));
  }
});
