// W4: throughput of a recurrent network.
import { trainingColumns } from "../../lib/columns.mjs";
import { doubtfulLosses, timesFaster } from "../../lib/doubts.mjs";

/** @type {import("../../lib/contract.d.ts").Workload} */
export default {
  title: "lstm: Embedding(10000, 64) - LSTM(64) - Dense 1, 80 steps, Adam, batch 32",
  node: "relaxed",
  contestants: ["tsuno", "tsuno@2", "torch", "keras_torch", "keras_jax", "jax_js", "tfjs_wasm", "tfjs_cpu"],
  columns: trainingColumns,
  headline: { figure: "samplesPerSecond", better: "higher" },
  goals: [
    ...timesFaster([
      ["times the samples/s of TensorFlow.js's best", ["tfjs_wasm", "tfjs_cpu"], 100],
      ["times jax-js's samples/s", ["jax_js"], 15],
      ["times PyTorch's samples/s", ["torch"], 0.7],
      ["times the samples/s of Keras on torch", ["keras_torch"], 1],
    ]),
    ...timesFaster([["two threads, times one thread", ["tsuno"], 1]], { mine: "tsuno@2" }),
  ],
  doubts: (median, contestants) => doubtfulLosses(median, contestants),
};
