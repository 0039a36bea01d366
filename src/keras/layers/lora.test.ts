import { describe, expect, test } from "vitest";
import { full, type NestedArray, type Shape, tensor } from "../../engine/index.ts";
import { loadModel, Sequential } from "../models/index.ts";
import { Conv1D, Dense, EinsumDense, Embedding, Input, type Layer } from "./index.ts";

/** Numbers that sums in another order have made. */
function expectNear(found: NestedArray, wanted: NestedArray): void {
  const [a, b] = [found, wanted].map((x) => [x].flat(9) as number[]);
  expect(a!.length).toBe(b!.length);
  a!.forEach((x, i) => expect(x).toBeCloseTo(b![i]!, 4));
}

describe("LoRA", () => {
  const cases: readonly (readonly [
    string,
    () => Layer & Pick<Dense, "lora" | "enableLora">,
    Shape,
    string,
  ])[] = [
    ["Dense", () => new Dense(4, { name: "l" }), [1, 3], "kernel"],
    ["EinsumDense", () => new EinsumDense("ab,bcd->acd", [2, 4], { name: "l" }), [1, 3], "kernel"],
    ["Conv1D", () => new Conv1D(4, 2, { name: "l", useBias: false }), [1, 5, 3], "kernel"],
    ["Embedding", () => new Embedding(5, 4, { name: "l" }), [1, 2], "embeddings"],
  ];

  test.each(cases)("of %s freezes the weight and trains a change of low rank", (_, make, shape, weight) => {
    const layer = make();
    expect(() => layer.enableLora(2)).toThrow(/not built/);
    layer.build([null, ...shape.slice(1)]);
    const input = full(shape, 1, "float32");
    const before = layer(input);
    expect(() => layer.enableLora(0)).toThrow(/positive whole number/);
    layer.enableLora(2, { loraAlpha: 1 });
    expect(layer.trainableWeights.map((v) => v.path).slice(-2)).toEqual([
      `l/lora_${weight}_a`,
      `l/lora_${weight}_b`,
    ]);
    expect(layer.weights.find((v) => v.name === weight)!.trainable).toBe(false);
    const side = weight === "kernel" ? "loraKernel" : "loraEmbeddings";
    const named = layer as unknown as Readonly<Record<string, unknown>>;
    expect([named[`${side}A`], named[`${side}B`]]).toEqual(Object.values(layer.lora.factors!));
    expect(layer.getConfig()).toMatchObject({ lora_rank: 2, lora_alpha: 1 });
    expect(() => layer.enableLora(2)).toThrow(/has LoRA already/);
    // b begins with zeros: nothing has changed yet.
    expect(layer(input).arraySync()).toEqual(before.arraySync());
  });

  test.each(cases)("of %s lies in the weight in files, as Keras has it", async (_, make, shape, weight) => {
    const layer = make();
    layer.build([null, ...shape.slice(1)]);
    layer.enableLora(2, { loraAlpha: 3 });
    const model = new Sequential([Input(shape.slice(1)), layer]);
    const { a, b } = layer.lora.factors!;
    a.assign(full(a.shape, 0.5));
    b.assign(full(b.shape, 2));
    const input = full(shape, 1, "float32");
    const wanted = layer(input).arraySync();
    const plain = layer.weights.find((v) => v.name === weight)!.value.arraySync();
    const parts: Uint8Array<ArrayBuffer>[] = [];
    await model.save(new WritableStream({ write: (part) => void parts.push(part.slice()) }));
    const again = await loadModel(new Blob(parts));
    const loaded = again.layers[0]! as typeof layer;
    expectNear(loaded(input).arraySync(), wanted);
    expect(loaded.lora.factors!.b.value.sum().item()).toBe(0);
    // a · b · alpha / rank = 2 · 0.5 · 2 · 3 / 2 for each number.
    const merged = loaded.weights
      .find((v) => v.name === weight)!
      .value.subtract(3)
      .arraySync();
    expectNear(merged, plain);
    await model.loadWeights(new Blob(parts));
    expectNear(layer(input).arraySync(), wanted);
  });

  test("changes the weight by a · b · alpha / rank", () => {
    const layer = new Dense(2, { loraRank: 2, loraAlpha: 1, kernelInitializer: "zeros", useBias: false });
    layer.build([null, 2]);
    const { a, b } = layer.lora.factors!;
    a.assign(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    b.assign(
      tensor([
        [1, 0],
        [0, 1],
      ]),
    );
    expect(layer([[1, 0]]).arraySync()).toEqual([[0.5, 1]]);
  });

  test("does not go together with a constraint, and what fails leaves nothing behind", () => {
    const layer = new Dense(2, { kernelConstraint: "non_neg" });
    layer.build([null, 2]);
    expect(() => layer.enableLora(1)).toThrow(/kernelConstraint/);
    expect(layer.weights.length).toBe(2);
  });
});
