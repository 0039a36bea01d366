// W1: the tutorial's fit.
import { epochs } from "./task.mjs";

/** @type {import("../../lib/contract.d.ts").Workload} */
export default {
  title:
    "tutorial: 45 + 5 points, Dense(20 sigmoid) -> Dense(1), MSE, SGD, batch 8, 2,000 epochs with validation",
  node: "current",
  contestants: ["tsuno", "plain_js", "brain_js", "jax_js", "tfjs_cpu", "tfjs_wasm"],
  columns: [
    { figure: "firstMs", title: "first fit, ms", digits: 1 },
    { figure: "secondMs", title: "second fit, ms", digits: 1 },
    { figure: "lossCheckpoint", title: "loss at 200", digits: 4 },
    { figure: "lossLast", title: "loss at 2,000", digits: 4 },
    { figure: "valLossLast", title: "val_loss", digits: 4 },
  ],
  headline: { figure: "secondMs", better: "lower" },
  goals: [
    {
      title: "Tsuno's time / plain JavaScript's",
      value: (median) => median("tsuno", "secondMs") / median("plain_js", "secondMs"),
      atMost: 0.35,
      aim: 0.25,
    },
    {
      title: "times faster than brain.js",
      value: (median) => median("brain_js", "secondMs") / median("tsuno", "secondMs"),
      atLeast: 1,
    },
    {
      title: "times faster than TensorFlow.js cpu",
      value: (median) => median("tfjs_cpu", "secondMs") / median("tsuno", "secondMs"),
      atLeast: 100,
    },
  ],
  doubts(median, contestants) {
    const doubts = [];
    for (const name of contestants) {
      if (name === "brain_js") continue; // another task: see its remark
      // Same weights at the start; only the order of the samples differs.
      const all = median(name, "epochs") === epochs;
      for (const figure of ["lossFirst", "lossCheckpoint", ...(all ? ["lossLast", "valLossLast"] : [])]) {
        const off = Math.abs(median(name, figure) / median("plain_js", figure) - 1);
        if (!(off <= 0.25)) doubts.push(`${name}: ${figure} is ${(100 * off).toFixed(0)} % off plain_js's`);
      }
    }
    return doubts;
  },
};
