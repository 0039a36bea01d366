import { describe, expect, test } from "vitest";
import { full, type Shape, tensor } from "../../engine/index.ts";
import { Conv1D, Dense, EinsumDense, Embedding, type Layer } from "./index.ts";

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
    expect(layer.getConfig()).toMatchObject({ lora_rank: 2, lora_alpha: 1 });
    expect(() => layer.enableLora(2)).toThrow(/has LoRA already/);
    // b begins with zeros: nothing has changed yet.
    expect(layer(input).arraySync()).toEqual(before.arraySync());
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
