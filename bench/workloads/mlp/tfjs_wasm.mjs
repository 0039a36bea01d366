// TensorFlow.js's model.fit on its wasm backend: SIMD, one thread.
import { timed } from "../../lib/measure.mjs";
import { startTfjs } from "../../lib/tfjs.mjs";
import * as task from "./task.mjs";

const { batchSize, checkCount, classes, features, hidden } = task;
const few = task.warmUpBatches * batchSize;

export const label = "TensorFlow.js wasm";
export const remark = `samples/s over ${few} samples`;

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const { tf, versions } = await startTfjs("wasm");
  const data = task.samples(few);
  const x = tf.tensor2d(data.x, [few, features]);
  const t = tf.tensor1d(Float32Array.from(data.t));

  const model = tf.sequential();
  model.add(tf.layers.dense({ units: hidden, inputShape: [features], activation: "relu" }));
  model.add(tf.layers.dense({ units: hidden, activation: "relu" }));
  model.add(tf.layers.dense({ units: classes, activation: "softmax" }));
  model.compile({
    loss: "sparseCategoricalCrossentropy",
    optimizer: tf.train.adam(task.learningRate),
  });
  model.setWeights(task.initialWeights(repeat).map((w) => tf.tensor(w.data, w.shape)));
  const check = model.evaluate(x.slice(0, checkCount), t.slice(0, checkCount));
  const options = { batchSize, epochs: 1, shuffle: false, verbose: 0, yieldEvery: "never" };

  const warmUp = await timed(() => model.fit(x, t, options));
  const { ms, value } = await timed(() => model.fit(x, t, options));
  return {
    figures: {
      warmUpMs: warmUp.ms,
      warmUpLoss: warmUp.value.history.loss[0],
      samplesPerSecond: (1000 * few) / ms,
      lastLoss: value.history.loss[0],
      checkLoss: check.dataSync()[0],
    },
    versions,
  };
}
