// What Keras stores in a form of its own: LoRA beside int8, a class under another name, a FeatureSpace.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import type { Model } from "../../src/keras/models/index.ts";
import { loadModel } from "../../src/keras/saving/index.ts";
import { FeatureSpace } from "../../src/keras/utils/index.ts";
import { type ArrayRecord, expectClose, loadJson, recordToTensor } from "./fixtures.ts";

function fileOf(name: string): Uint8Array<ArrayBuffer> {
  const url = new URL(`../fixtures/keras-forms/${name}.keras.gz`, import.meta.url);
  return new Uint8Array(gunzipSync(readFileSync(url)));
}

const valuesOf = (name: string): unknown => loadJson(`keras-forms/${name}.json.gz`);

async function saved(model: {
  save(target: WritableStream<Uint8Array>): Promise<void>;
}): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  await model.save(new WritableStream<Uint8Array>({ write: (part) => void parts.push(part) }));
  return new Uint8Array(Buffer.concat(parts));
}

interface Values {
  readonly x: ArrayRecord;
  readonly output: ArrayRecord;
  readonly loaded_output: ArrayRecord;
  readonly weights: readonly ArrayRecord[];
}

const near = { rtol: 1e-5, atol: 1e-5 };

test.each(["int8_then_lora", "lora_then_int8"])("%s", async (name) => {
  const { x, output, loaded_output: loadedOutput, weights } = valuesOf(name) as Values;
  const input = recordToTensor(x);
  const check = async (model: Model, expected: ArrayRecord): Promise<void> => {
    expectClose(await model.predict(input, { verbose: 0 }), expected, near);
  };
  const model = await loadModel(fileOf(name));
  await check(model, loadedOutput);
  // As it was before Keras saved it: with a change beside the integers.
  model.setWeights(weights.map(recordToTensor));
  await check(model, output);
  const again = await loadModel(await saved(model));
  await check(again, loadedOutput);
  const theirs = (await loadModel(fileOf(name))).weights;
  again.weights.forEach((w, i) => {
    expect(w.dtype).toBe(theirs[i]!.dtype);
    // Both have the same integers, whose scales agree to the last digits.
    w.value.dataSync().forEach((value, k) => {
      expect(value).toBeCloseTo(theirs[i]!.value.dataSync()[k]!, w.dtype === "int8" ? 9 : 3);
    });
  });
});

test("GroupQueryAttention, whose class has another name in Python", async () => {
  type Named = Values & { readonly name: string; readonly summary: string };
  const values = valuesOf("grouped_attention") as Named;
  const model = await loadModel(fileOf("grouped_attention"));
  expect(model.layers[1]!.name).toBe(values.name);
  for (const it of [model, await loadModel(await saved(model))]) {
    expectClose(await it.predict(recordToTensor(values.x), { verbose: 0 }), values.output, near);
  }
  const lines: string[] = [];
  model.summary({ printFn: (line) => void lines.push(line) });
  expect(lines.join("\n").trimEnd()).toBe(values.summary.trimEnd());
});

test("a FeatureSpace with strings and crosses", async () => {
  type Features = {
    readonly data: Readonly<Record<string, readonly string[] | readonly number[]>>;
    readonly output: ArrayRecord;
  };
  const { data, output } = valuesOf("features") as Features;
  const space = await FeatureSpace.load(fileOf("features"));
  expectClose(space.apply(data), output, near);
});
