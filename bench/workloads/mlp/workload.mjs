// W2: throughput of a multilayer perceptron, one thread.

/** @type {import("../../lib/contract.d.ts").Workload} */
export default {
  title: "mlp: 784-512-512-10 relu/softmax, sparse categorical crossentropy, Adam, batch 128, one thread",
  node: "current",
  contestants: ["tsuno", "jax_js", "tfjs_wasm"],
  columns: [
    { figure: "warmUpMs", title: "first 4 steps, ms", digits: 0 },
    { figure: "samplesPerSecond", title: "samples/s", digits: 0 },
    { figure: "warmUpLoss", title: "loss of 4 steps", digits: 4 },
  ],
  headline: { figure: "samplesPerSecond", better: "higher" },
  goals: [
    {
      title: "times TensorFlow.js wasm's samples/s",
      value: (median) => median("tsuno", "samplesPerSecond") / median("tfjs_wasm", "samplesPerSecond"),
      atLeast: 10,
    },
    {
      title: "times jax-js's samples/s",
      value: (median) => median("tsuno", "samplesPerSecond") / median("jax_js", "samplesPerSecond"),
      atLeast: 2,
    },
  ],
  doubts(median, contestants) {
    // Same weights and the same batches in the same order: any pair must agree closely.
    const reference = contestants[0];
    if (reference === undefined) return [];
    return contestants.slice(1).flatMap((name) => {
      const off = Math.abs(median(name, "warmUpLoss") / median(reference, "warmUpLoss") - 1);
      if (off <= 0.01) return [];
      return [`${name}: the loss of the first 4 steps is ${(100 * off).toFixed(1)} % off ${reference}'s`];
    });
  },
};
