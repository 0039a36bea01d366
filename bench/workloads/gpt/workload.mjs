// W5: throughput of a mini GPT; with it the memory that W9 asks for.
import { trainingColumns } from "../../lib/columns.mjs";
import { doubtfulLosses, timesFaster } from "../../lib/doubts.mjs";

/** @type {import("../../lib/contract.d.ts").Workload} */
export default {
  title: "gpt: vocabulary 1,000, context 64, width 128, 4 heads, 2 blocks, Adam, batch 16",
  node: "relaxed",
  contestants: [
    "tsuno",
    "tsuno@2",
    "torch",
    "torch@2",
    "keras_torch",
    "keras_jax",
    "jax_js",
    "tfjs_wasm",
    "tfjs_cpu",
  ],
  columns: trainingColumns,
  headline: { figure: "samplesPerSecond", better: "higher" },
  goals: [
    ...timesFaster([
      ["times the samples/s of TensorFlow.js's best", ["tfjs_wasm", "tfjs_cpu"], 20],
      ["times jax-js's samples/s", ["jax_js"], 10],
      ["times PyTorch's samples/s", ["torch"], 0.6],
    ]),
    ...timesFaster([["two threads, times one thread", ["tsuno"], 1.7]], { mine: "tsuno@2" }),
    {
      title: "first step of a fresh model, ms",
      value: (median) => median("tsuno", "warmUpMs"),
      atMost: 1500,
    },
    {
      title: "peak memory / PyTorch's",
      value: (median) => median("tsuno", "peakMb") / median("torch", "peakMb"),
      atMost: 1,
    },
  ],
  doubts: (median, contestants) => doubtfulLosses(median, contestants),
};
