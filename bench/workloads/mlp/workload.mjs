// W2: throughput of a multilayer perceptron.
import { trainingColumns } from "../../lib/columns.mjs";
import { doubtfulLosses, timesFaster } from "../../lib/doubts.mjs";

/** @type {import("../../lib/contract.d.ts").Workload} */
export default {
  title: "mlp: 784-512-512-10 relu/softmax, sparse categorical crossentropy, Adam, batch 128",
  node: "relaxed",
  contestants: [
    "tsuno",
    "tsuno@2",
    "torch",
    "torch@2",
    "keras_torch",
    "keras_torch@2",
    "keras_jax",
    "keras_jax@2",
    "jax_js",
    "tfjs_wasm",
  ],
  columns: trainingColumns,
  headline: { figure: "samplesPerSecond", better: "higher" },
  goals: [
    ...timesFaster([
      ["times jax-js's samples/s", ["jax_js"], 2.5],
      ["times TensorFlow.js wasm's samples/s", ["tfjs_wasm"], 15],
      ["times PyTorch's samples/s", ["torch"], 0.6],
    ]),
    ...timesFaster(
      [
        ["two threads, times Keras's best with two", ["keras_torch@2", "keras_jax@2"], 1],
        ["two threads, times one thread", ["tsuno"], 1.7],
      ],
      { mine: "tsuno@2" },
    ),
    {
      title: "first four steps of a fresh model, ms",
      value: (median) => median("tsuno", "warmUpMs"),
      atMost: 150,
    },
  ],
  doubts: (median, contestants) => doubtfulLosses(median, contestants),
};
