// brain.js: the nearest it can do to the task.
import { createRequire } from "node:module";
import { timed } from "../../lib/measure.mjs";
import { epochs, learningRate, sine, validationSplit } from "./task.mjs";

export const label = "brain.js";
export const remark =
  "another task: sigmoid output on targets scaled to [0, 1], one sample per update, momentum 0.1, no shuffling, no validation";

const require = createRequire(import.meta.url);

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run() {
  const { default: brain } = await import("brain.js");
  const { x, t } = sine();
  const samples = Array.from(x, (value, i) => ({
    input: [value],
    output: [/** @type {number} */ (t[i] + 1) / 2],
  }));
  const training = samples.slice(0, Math.floor(samples.length * (1 - validationSplit)));

  const fit = () => {
    const net = new brain.NeuralNetwork({ hiddenLayers: [20], activation: "sigmoid" });
    const options = { iterations: epochs, errorThresh: 1e-12, learningRate, log: false };
    return timed(() => net.train(training, options));
  };

  const first = await fit();
  const second = await fit();
  if (second.value.iterations !== epochs)
    throw new Error(`brain.js stopped after ${second.value.iterations} epochs`);
  return {
    figures: { firstMs: first.ms, secondMs: second.ms },
    versions: { "brain.js": require("brain.js/package.json").version },
  };
}
