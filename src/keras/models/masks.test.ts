import { beforeEach, describe, expect, test, vi } from "vitest";
import { expectClose, loadFixture } from "../../../test/parity/fixtures.ts";
import type { Tensor } from "../../engine/index.ts";
import { tensor } from "../../engine/index.ts";
import { KerasTensor } from "../backend/keras_tensor.ts";
import { getKerasMask } from "../backend/masking.ts";
import {
  Add,
  Concatenate,
  Dense,
  Embedding,
  Flatten,
  GRU,
  Input,
  Layer,
  LSTM,
  Masking,
  MultiHeadAttention,
} from "../layers/index.ts";
import { clearSession } from "../utils/naming.ts";
import { Model } from "./model.ts";

beforeEach(() => clearSession());

const configOf = (name: string): unknown =>
  loadFixture<{ readonly config: unknown }>("models", name).cases[0]!.config;

describe("masks in the graph of a model", () => {
  test("are the operations that Keras notes", () => {
    const tokens = Input([6], { name: "tokens", dtype: "int32" });
    const embedded = new Embedding(8, 4, { maskZero: true })(tokens);
    const y = new Dense(2, { activation: "softmax" })(new LSTM(3)(embedded));
    const model = new Model({ inputs: tokens, outputs: y, name: "embedding_lstm_dense" });
    expect(JSON.parse(JSON.stringify(model.getConfig()))).toEqual(configOf("embedding_lstm_dense"));
  });

  test("are computed of values, too", () => {
    const x = Input([4, 2], { name: "x" });
    const steps = new GRU(3, { returnSequences: true })(new Masking()(x));
    const model = new Model({ inputs: x, outputs: new Dense(2)(steps), name: "masking_gru_sequence" });
    expect(JSON.parse(JSON.stringify(model.getConfig()))).toEqual(configOf("masking_gru_sequence"));
  });

  test("are joined where inputs are merged; the numbers are Keras's", () => {
    const [t, u] = [Input([4], { dtype: "int32", name: "t" }), Input([4], { dtype: "int32", name: "u" })];
    const embedding = new Embedding(5, 3, { maskZero: true, name: "e" });
    const [a, b] = [embedding(t), embedding(u)];
    const joined = new Concatenate({ axis: 1, name: "c" })([a, b]);
    const sum = new Add({ name: "s" })([a, b]);
    const outputs = [new GRU(2, { name: "g1" })(joined), new GRU(2, { name: "g2" })(sum)] as KerasTensor[];
    const model = new Model({ inputs: [t, u], outputs });
    expect(model.operations.map((operation) => operation.name)).toEqual([
      ...["t", "u", "e", "not_equal", "not_equal_1", "expand_dims", "zeros_like", "expand_dims_1"],
      ...["zeros_like_1", "logical_or", "logical_or_1", "concatenate", "c", "any", "s", "logical_or_2"],
      ...["g1", "g2"],
    ]);
    let n = 0;
    model.setWeights(
      model.weights.map(({ shape }) => {
        const size = shape.reduce((p, q) => p * q, 1);
        const numbers = Array.from({ length: size }, () => ((n++ % 7) - 3) / 8);
        return tensor(Float32Array.from(numbers), { shape });
      }),
    );
    const [left, right] = model([
      tensor(
        [
          [1, 2, 0, 0],
          [3, 0, 4, 1],
        ],
        { dtype: "int32" },
      ),
      tensor(
        [
          [0, 0, 3, 1],
          [1, 0, 0, 2],
        ],
        { dtype: "int32" },
      ),
    ]) as unknown as [Tensor, Tensor];
    const record = (data: readonly number[]) => ({ shape: [2, 2], dtype: "float32", data }) as const;
    expectClose(left, record([-0.1003054, -0.3893862, -0.0642186, -0.3982703]));
    expectClose(right, record([-0.1907846, -0.5293725, -0.0694258, -0.3657891]));
  });

  test("may be inputs, and come from computeMask", () => {
    const x = Input([3, 2], { name: "x" });
    const k = Input([3], { dtype: "bool", name: "k" });
    const lstm = new LSTM(2, { name: "l" });
    const model = new Model({ inputs: [x, k], outputs: lstm(x, { mask: k }) });
    const data = [
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ];
    const masked = model([data, [[true, false, true]]]);
    const short = lstm([
      [
        [1, 2],
        [5, 6],
      ],
    ]);
    expect(masked.arraySync()).toEqual(short.arraySync());

    const masking = new Masking({ maskValue: 3 });
    const found = masking.computeMask(x) as unknown as KerasTensor;
    expect(found).toBeInstanceOf(KerasTensor);
    const maskOf = new Model({ inputs: x, outputs: found });
    expect(
      maskOf([
        [
          [1, 3],
          [3, 3],
          [5, 6],
        ],
      ]).arraySync(),
    ).toEqual([[true, false, true]]);
  });

  test("of attention may be symbolic, too", () => {
    const x = Input([3, 4], { name: "x" });
    const m = Input([3, 3], { dtype: "bool", name: "m" });
    const attention = new MultiHeadAttention(2, 3);
    const model = new Model({ inputs: [x, m], outputs: attention(x, x, { attentionMask: m }) });
    const data = tensor(
      Float32Array.from({ length: 12 }, (_, i) => Math.sin(i)),
      { shape: [1, 3, 4] },
    );
    const mask = [[[true, false, false], [true, true, false], [true, true, true]]]; // biome-ignore format: a matrix
    const causal = attention(data, data, { useCausalMask: true });
    expect(model([data, mask]).arraySync()).toEqual(causal.arraySync());
  });

  test("of a user's layer are found by tracing", () => {
    class FirstOnly extends Layer {
      override call(x: Tensor): Tensor {
        return x;
      }
      override computeMask(inputs: Tensor): Tensor {
        const [samples, steps] = inputs.shape as readonly [number, number];
        const data = Uint8Array.from({ length: samples * steps }, (_, i) => (i % steps === 0 ? 1 : 0));
        return tensor(data, { shape: [samples, steps] }).astype("bool");
      }
    }
    const x = Input([3, 2]);
    const y = new FirstOnly()(x);
    expect(getKerasMask(y)?.shape).toEqual([null, 3]);
    const lstm = new LSTM(2);
    const model = new Model({ inputs: x, outputs: lstm(y) });
    const expected = lstm([[[1, 2]]]);
    expect(
      model([
        [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
      ]).arraySync(),
    ).toEqual(expected.arraySync());
  });

  test("that a layer loses are warned of, once", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    try {
      const embedded = new Embedding(5, 3, { maskZero: true })(Input([4], { dtype: "int32" }));
      const flatten = new Flatten({ name: "flat_that_loses" });
      expect(getKerasMask(flatten(embedded))).toBeUndefined();
      flatten(embedded);
      expect(warn.mock.calls).toEqual([
        [
          "Layer 'flat_that_loses' (of type Flatten) was passed an input with a mask attached to it. However, this " +
            "layer does not support masking and will therefore destroy the mask information. Downstream layers will " +
            "not see the mask.",
        ],
      ]);
    } finally {
      warn.mockRestore();
    }
  });
});

describe("optional inputs", () => {
  class Sum extends Layer {
    override call([x, y]: readonly [Tensor, Tensor | null]): Tensor {
      return y === null ? x : x.add(y);
    }
  }
  const p = Input([2], { name: "p" });
  const q = Input([2], { name: "q", optional: true });

  test("may be left out", async () => {
    const model = new Model({ inputs: { p, q }, outputs: new Sum()([p, q]) });
    expect(model({ p: [[1, 1]], q: [[1, 1]] }).arraySync()).toEqual([[2, 2]]);
    expect(model({ p: [[1, 1]] }).arraySync()).toEqual([[1, 1]]);
    expect((await model.predict({ p: [[1, 1]] }, { verbose: 0 })).arraySync()).toEqual([[1, 1]]);
    const listed = new Model({ inputs: [p, q], outputs: new Sum()([p, q]) });
    expect(listed([[[1, 1]], null]).arraySync()).toEqual([[1, 1]]);
    expect(() => listed([null, [[1, 1]]])).toThrow(/"p" is not optional/);
  });
});
