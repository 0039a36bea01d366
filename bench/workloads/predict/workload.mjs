// W7: prediction in batches, and the wait for one sample alone.
import { timesFaster } from "../../lib/doubts.mjs";

/** @type {[figure: string, title: string][]} */
const networks = [
  ["mlp", "MLP"],
  ["conv", "convnet"],
];

/** @type {import("../../lib/contract.d.ts").Workload} */
export default {
  title: "predict: 10,000 samples at batch 128, and one sample alone, with the networks of mlp and convnet",
  node: "relaxed",
  contestants: ["tsuno", "tsuno@2", "torch", "keras_jax", "onnxruntime", "jax_js", "tfjs_wasm"],
  columns: networks.flatMap(([name, title]) => [
    { figure: `${name}PerSecond`, title: `${title}, samples/s`, digits: 0 },
    { figure: `${name}Share`, title: "of the 128-bit peak", digits: 2 },
    { figure: `${name}SingleMs`, title: "one, ms", digits: 3 },
  ]),
  headline: { figure: "mlpPerSecond", better: "higher" },
  goals: networks.flatMap(([name, title]) => [
    ...timesFaster([[`${title}: times onnxruntime-node's samples/s`, ["onnxruntime"], 0.6]], {
      figure: `${name}PerSecond`,
      share: `${name}Share`,
    }),
    ...[
      ["torch", "PyTorch"],
      ["tfjs_wasm", "TensorFlow.js wasm"],
    ].map(([peer, label]) => ({
      title: `${title}, one sample: ${label}'s time / Tsuno's`,
      value: (/** @type {import("../../lib/contract.d.ts").Lookup} */ median) =>
        median(/** @type {string} */ (peer), `${name}SingleMs`) / median("tsuno", `${name}SingleMs`),
      atLeast: 3,
    })),
  ]),
  doubts(median, contestants) {
    const reference = /** @type {string} */ (contestants[0]);
    return contestants.flatMap((contestant) =>
      networks
        .filter(([name]) => {
          const off = median(contestant, `${name}Check`) - median(reference, `${name}Check`);
          return !(Math.abs(off) < 1e-4);
        })
        .map(([, title]) => `${contestant}: the ${title} predicts something else than ${reference}`),
    );
  },
};
