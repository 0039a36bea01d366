// W3: throughput of a convolutional network; with it the memory that W9 asks for.

import { trainingColumns } from "../../lib/columns.mjs";
import { doubtfulLosses, timesFaster } from "../../lib/doubts.mjs";

/** @type {import("../../lib/contract.d.ts").Workload} */
export default {
  title: "convnet: Conv 32 - pool - Conv 64 - pool - Dropout 0.5 - Dense 10 on 28 x 28, Adam, batch 128",
  node: "relaxed",
  contestants: ["tsuno", "tsuno@2", "torch", "torch@2", "keras_torch", "keras_jax", "jax_js", "tfjs_cpu"],
  columns: trainingColumns,
  headline: { figure: "samplesPerSecond", better: "higher" },
  goals: [
    ...timesFaster([
      ["times TensorFlow.js cpu's samples/s", ["tfjs_cpu"], 300],
      ["times jax-js's samples/s", ["jax_js"], 50],
      ["times PyTorch's samples/s", ["torch"], 0.6],
      ["times the samples/s of Keras on torch", ["keras_torch"], 1],
    ]),
    ...timesFaster([["two threads, times one thread", ["tsuno"], 1.7]], { mine: "tsuno@2" }),
    {
      title: "first step of a fresh model, ms",
      value: (median) => median("tsuno", "warmUpMs"),
      atMost: 400,
    },
    {
      title: "peak memory / PyTorch's",
      value: (median) => median("tsuno", "peakMb") / median("torch", "peakMb"),
      atMost: 1,
    },
  ],
  // Dropout draws differently everywhere, so the first step agrees only roughly.
  doubts: (median, contestants) => doubtfulLosses(median, contestants, { warmUp: 0.1 }),
};
