// TensorFlow.js's model.fit, for whichever backend.
import { timed } from "../../lib/measure.mjs";
import { startTfjs } from "../../lib/tfjs.mjs";
import {
  batchSize,
  checkpoint,
  epochs,
  initialWeights,
  learningRate,
  lossFigures,
  sine,
  validationSplit,
} from "./task.mjs";

export const remark = `second fit: ${checkpoint} epochs measured, times ${epochs / checkpoint}; no yielding to the event loop`;

/**
 * @param {"cpu" | "wasm"} backend
 * @param {import("../../lib/contract.d.ts").Request} request
 * @returns {Promise<import("../../lib/contract.d.ts").Outcome>}
 */
export async function runTfjs(backend, { repeat }) {
  const { tf, versions } = await startTfjs(backend);
  const data = sine();
  const x = tf.tensor2d(data.x, [data.x.length, 1]);
  const t = tf.tensor2d(data.t, [data.t.length, 1]);

  const fit = async () => {
    const model = tf.sequential();
    model.add(tf.layers.dense({ units: 20, inputShape: [1], activation: "sigmoid" }));
    model.add(tf.layers.dense({ units: 1 }));
    model.compile({ loss: "meanSquaredError", optimizer: tf.train.sgd(learningRate) });
    model.setWeights(initialWeights(repeat).map((w) => tf.tensor(w.data, w.shape)));
    const options = {
      batchSize,
      epochs: checkpoint,
      validationSplit,
      shuffle: true,
      verbose: 0,
      yieldEvery: "never",
    };
    return timed(() => model.fit(x, t, options));
  };

  const scale = epochs / checkpoint;
  const first = await fit();
  const second = await fit();
  const { history } = second.value;
  return {
    figures: {
      // What the first fit costs once is not scaled.
      firstMs: first.ms + (scale - 1) * second.ms,
      secondMs: scale * second.ms,
      ...lossFigures({ loss: history.loss, valLoss: history.val_loss }),
    },
    versions,
  };
}
