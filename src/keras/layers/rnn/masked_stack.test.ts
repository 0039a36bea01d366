// Recurrent layers on top of each other behind an Embedding with maskZero, with padding in the middle of the sequences: a step
// that is masked hands on state and output of the step before it. Real Keras 3.16 gives these numbers on PyTorch and on JAX.
// (TensorFlow.js gives others, which differ by 1e-3.)
import { test } from "vitest";
import { expectClose } from "../../../../test/parity/fixtures.ts";
import { sizeOf, tensor } from "../../../engine/index.ts";
import { Sequential } from "../../models/index.ts";
import { Embedding, GRU, LSTM, SimpleRNN } from "../index.ts";

const ids = [
  [3, 0, 5, 2, 0, 0],
  [1, 2, 0, 0, 4, 1],
];

test.each([
  ["LSTM", LSTM, [0.22679457, 0.11516943, 0.20713876, 0.11716506]],
  ["GRU", GRU, [0.4490018, 0.38389903, 0.3682679, 0.33087027]],
  ["SimpleRNN", SimpleRNN, [-0.37287945, -0.28705862, -0.5422501, -0.4783487]],
] as const)("two layers of %s", (_, Recurrent, data) => {
  const model = new Sequential([
    new Embedding(6, 3, { maskZero: true }),
    new Recurrent(4, { returnSequences: true }),
    new Recurrent(2),
  ]);
  model.build([null, 6]);
  model.setWeights(
    model.weights.map(({ shape }, k) => {
      const numbers = Float32Array.from({ length: sizeOf(shape) }, (_, i) => 0.6 * Math.sin(0.7 * i + k));
      return tensor(numbers, { shape });
    }),
  );
  expectClose(model(ids), { shape: [2, 2], dtype: "float32", data });
});
