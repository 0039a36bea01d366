// Attention layers: how they are called, what masks do, what is refused. Numbers against Keras stand in test/parity.
import { describe, expect, test } from "vitest";
import { ShapeError, type Tensor, tensor, ValueError } from "../../../engine/index.ts";
import { normal } from "../../random/index.ts";
import { deserialize, GroupQueryAttention, Input, MultiHeadAttention, serialize } from "../index.ts";
import { AdditiveAttention } from "./additive_attention.ts";
import { Attention } from "./attention.ts";

const x = normal([2, 5, 6], { seed: 1 });
const y = normal([2, 4, 6], { seed: 2 });
const z = normal([2, 4, 6], { seed: 3 });

function close(a: Tensor, b: Tensor): void {
  expect(a.shape).toEqual(b.shape);
  expect(a.subtract(b).max().item()).toBeLessThan(1e-6);
  expect(b.subtract(a).max().item()).toBeLessThan(1e-6);
}

describe.each([
  ["MultiHeadAttention", () => new MultiHeadAttention(2, 3)],
  ["GroupQueryAttention", () => new GroupQueryAttention(3, 4, 2)],
] as const)("%s", (_, make) => {
  test("is called on query and value, the key by name or third in a list", () => {
    const layer = make();
    const out = layer(x, y, { key: z });
    expect(out.shape).toEqual([2, 5, 6]);
    close(layer.apply([x, y, z]) as Tensor, out);
    close(layer(x, y), layer(x, y, { key: y }));
    expect(layer.apply(x, y).toString()).toEqual(layer(x, y).toString());
  });

  test("gives the same with scores and without, and scores that add up to 1", () => {
    const layer = make();
    const [out, scores] = layer(x, y, { returnAttentionScores: true });
    close(out, layer(x, y));
    close(scores.sum(-1), scores.sum(-1).multiply(0).add(1));
    const [causal, seen] = layer(x, x, { returnAttentionScores: true, useCausalMask: true });
    close(causal, layer(x, x, { useCausalMask: true }));
    // The first step sees itself alone.
    expect(seen.at(0, 0, 0).arraySync()).toEqual([1, 0, 0, 0, 0]);
  });

  test("masks hide steps of the value, whoever gives them", () => {
    const layer = make();
    const valueMask = tensor([
      [true, true, false, false],
      [true, true, false, false],
    ]);
    const short = layer(x, y.at([null, null], [0, 2]));
    close(layer(x, y, { valueMask }), short);
    const attentionMask = tensor([[[true, true, false, false]]]);
    close(layer(x, y, { attentionMask }), short);
    expect(layer(x, y).subtract(short).max().item()).toBeGreaterThan(1e-3);
  });

  test("knows its shapes before there is data, and comes back from its config", () => {
    const layer = make();
    const [a, b] = [Input([5, 6]), Input([4, 6])];
    expect(layer(a, b).shape).toEqual([null, 5, 6]);
    layer(x, y);
    const copy = deserialize(JSON.parse(JSON.stringify(serialize(layer)))) as typeof layer;
    copy.setWeights(layer.getWeights());
    close(copy(x, y), layer(x, y));
  });

  test("dropout changes training only", () => {
    const options = { dropout: 0.5, seed: 1 };
    const layer =
      make() instanceof MultiHeadAttention
        ? new MultiHeadAttention(2, 3, options)
        : new GroupQueryAttention(3, 4, 2, options);
    close(layer(x, y), layer(x, y));
    const trained = layer(x, y, { training: true });
    expect(trained.subtract(layer(x, y)).max().item()).toBeGreaterThan(1e-3);
  });

  test("refuses one input alone and shapes that do not fit", () => {
    const layer = make();
    expect(() => layer.apply(x)).toThrow(ValueError);
    expect(() => layer(x, y, { key: x })).toThrow(ShapeError);
    expect(layer.built).toBe(false);
    expect(() => layer(x, y, { casual: true })).toThrow(/casual/);
  });
});

test("weights have Keras's names", () => {
  const layer = new MultiHeadAttention(2, 3, { name: "mha", useGate: true });
  layer(x, y);
  expect(layer.weights.map((v) => v.path)).toEqual(
    ["query", "key", "gate", "value", "attention_output"].flatMap((p) => [
      `mha/${p}/kernel`,
      `mha/${p}/bias`,
    ]),
  );
  // Stateless initializers: each projection draws its own numbers.
  const [query, key] = layer.weights.filter((v) => v.name === "kernel");
  expect(query?.value.arraySync()).not.toEqual(key?.value.arraySync());
});

test("options that cannot be are refused", () => {
  expect(() => new MultiHeadAttention(0, 3)).toThrow(ValueError);
  expect(() => new MultiHeadAttention(2, 3, { slidingWindow: 0 })).toThrow(ValueError);
  expect(() => new MultiHeadAttention(2, 3, { flashAttention: true, dropout: 0.1 })).toThrow(ValueError);
  expect(() => new GroupQueryAttention(2, 3, 2)).toThrow(/multiple/);
  expect(() => new Attention({ scoreMode: "dots" as "dot" })).toThrow(ValueError);
});

describe("Attention and AdditiveAttention", () => {
  test("take a list and nothing else", () => {
    expect(() => new Attention()(x)).toThrow(/list/);
    expect(() => new AdditiveAttention()([x])).toThrow(/list/);
    expect(() => new Attention()([x, y], { mask: [null] })).toThrow(/mask/);
  });

  test("have shapes before there is data", () => {
    const inputs = [Input([5, 6]), Input([4, 6])];
    expect(new Attention()(inputs).shape).toEqual([null, 5, 6]);
    const [, scores] = new AdditiveAttention()(inputs, { returnAttentionScores: true });
    expect(scores.shape).toEqual([null, 5, 4]);
  });

  test("dropout changes training only", () => {
    const layer = new Attention({ dropout: 0.5, seed: 1 });
    close(layer([x, y]), layer([x, y]));
    const trained = layer([x, y], { training: true });
    expect(
      trained
        .subtract(layer([x, y]))
        .max()
        .item(),
    ).toBeGreaterThan(1e-3);
  });
});

describe("regularizers and masks as in Keras 3.16", () => {
  const activityRegularizer = "l1";

  test("the activity regularizer is that of the projections, in GroupQueryAttention also its own", () => {
    const heads = new MultiHeadAttention(2, 3, { activityRegularizer });
    heads(x, y);
    expect(heads.losses.length).toBe(4);
    expect(heads.getConfig()).toMatchObject({ activity_regularizer: { class_name: "L1" } });
    const grouped = new GroupQueryAttention(3, 4, 2, { activityRegularizer });
    grouped(x, y);
    expect(grouped.losses.length).toBe(5);
  });

  test("a queryMask that is given counts in GroupQueryAttention only", () => {
    const queryMask = tensor(
      Uint8Array.from({ length: x.shape[0]! * x.shape[1]! }, (_, i) => i % 2),
      {
        shape: x.shape.slice(0, 2),
        dtype: "bool",
      },
    );
    const heads = new MultiHeadAttention(2, 3);
    close(heads(x, y, { queryMask }), heads(x, y));
    const grouped = new GroupQueryAttention(3, 4, 2);
    const change = grouped(x, y, { queryMask }).subtract(grouped(x, y));
    expect(change.max().item()).toBeGreaterThan(1e-4);
  });
});
