// TensorFlow.js, cpu backend.
import { timed } from "../../lib/measure.mjs";
import { startTfjs } from "../../lib/tfjs.mjs";

export const label = "TensorFlow.js cpu";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run() {
  const started = await timed(() => startTfjs("cpu"));
  const { tf, versions } = started.value;
  const x = tf.linspace(-Math.PI, Math.PI, 8).reshape([-1, 1]);
  const t = tf.sin(x);
  const firstStep = await timed(async () => {
    const model = tf.sequential();
    model.add(tf.layers.dense({ units: 20, inputShape: [1], activation: "sigmoid" }));
    model.add(tf.layers.dense({ units: 1 }));
    model.compile({ loss: "meanSquaredError", optimizer: "sgd" });
    await model.fit(x, t, { batchSize: 8, epochs: 1, verbose: 0 });
  });
  const readyMs = performance.now();
  const { bundleSizes } = await import("./bundle.mjs");
  return {
    figures: {
      importMs: started.ms,
      firstStepMs: firstStep.ms,
      readyMs,
      ...(await bundleSizes("tfjs_cpu.mjs")),
    },
    versions,
  };
}
