// TensorFlow.js's model.fit on its wasm backend: SIMD, one thread.
import { timed } from "../../lib/measure.mjs";
import { startTfjs } from "../../lib/tfjs.mjs";
import {
  batchSize,
  classes,
  features,
  hidden,
  initialWeights,
  learningRate,
  samples,
  warmUpCount,
} from "./task.mjs";

export const label = "TensorFlow.js wasm";
export const remark = `samples/s over ${warmUpCount} samples`;

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const { tf, versions } = await startTfjs("wasm");
  const data = samples();
  const x = tf.tensor2d(data.x.subarray(0, warmUpCount * features), [warmUpCount, features]);
  const t = tf.tensor1d(Float32Array.from(data.labels.subarray(0, warmUpCount)));

  const model = tf.sequential();
  model.add(tf.layers.dense({ units: hidden, inputShape: [features], activation: "relu" }));
  model.add(tf.layers.dense({ units: hidden, activation: "relu" }));
  model.add(tf.layers.dense({ units: classes, activation: "softmax" }));
  model.compile({ loss: "sparseCategoricalCrossentropy", optimizer: tf.train.adam(learningRate) });
  model.setWeights(initialWeights(repeat).map((w) => tf.tensor(w.data, w.shape)));
  const options = { batchSize, epochs: 1, shuffle: false, verbose: 0, yieldEvery: "never" };

  const warmUp = await timed(() => model.fit(x, t, options));
  const { ms } = await timed(() => model.fit(x, t, options));
  return {
    figures: {
      warmUpMs: warmUp.ms,
      warmUpLoss: warmUp.value.history.loss[0],
      samplesPerSecond: (1000 * warmUpCount) / ms,
    },
    versions,
  };
}
