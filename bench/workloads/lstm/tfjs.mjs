// TensorFlow.js, for whichever backend. It cannot train an Embedding layer: words are one-hot rows times the table.
import { startTfjs } from "../../lib/tfjs.mjs";
import { trainTfjs } from "../../lib/train_tfjs.mjs";
import * as task from "./task.mjs";

/**
 * @param {"cpu" | "wasm"} backend
 * @param {number} batchSize
 * @param {import("../../lib/contract.d.ts").Request} request
 * @returns {Promise<import("../../lib/contract.d.ts").Outcome>}
 */
export async function runTfjs(backend, batchSize, { repeat }) {
  const { tf, versions } = await startTfjs(backend);
  const { units, steps } = task;
  const figures = await trainTfjs(tf, task, {
    repeat,
    batchSize,
    loss([table, kernel, recurrent, bias, w, b], x, t) {
      const count = x.shape[0];
      const words = tf.matMul(tf.cast(tf.oneHot(tf.reshape(x, [-1]), task.vocabulary), "float32"), table);
      const inputs = tf.unstack(
        tf.reshape(tf.add(tf.matMul(words, kernel), bias), [count, steps, 4 * units]),
        1,
      );
      let h = tf.zeros([count, units]);
      let c = tf.zeros([count, units]);
      for (const input of inputs) {
        const [i, f, g, o] = tf.split(tf.add(input, tf.matMul(h, recurrent)), 4, 1);
        c = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
        h = tf.mul(tf.sigmoid(o), tf.tanh(c));
      }
      return tf.losses.sigmoidCrossEntropy(t, tf.add(tf.matMul(h, w), b));
    },
  });
  return { figures, versions };
}
