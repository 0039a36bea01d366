// TensorFlow.js, for whichever backend. It cannot train an Embedding layer and has no attention: tokens are one-hot rows
// times the table, and the rest is written with operations.
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
  const { context, width, heads, vocabulary, epsilon } = task;
  const oneHot = (/** @type {any} */ ids) => tf.cast(tf.oneHot(tf.reshape(ids, [-1]), vocabulary), "float32");
  const future = tf.tensor(
    Float32Array.from({ length: context * context }, (_, i) =>
      i % context > Math.floor(i / context) ? -1e9 : 0,
    ),
    [context, context],
  );
  const normalize = (/** @type {any} */ x, /** @type {any} */ gamma, /** @type {any} */ beta) => {
    const centered = tf.sub(x, tf.mean(x, -1, true));
    const variance = tf.mean(tf.square(centered), -1, true);
    return tf.add(tf.mul(tf.div(centered, tf.sqrt(tf.add(variance, epsilon))), gamma), beta);
  };
  const figures = await trainTfjs(tf, task, {
    repeat,
    batchSize,
    loss(weights, ids, t) {
      const { tokens, positions, each, head, headBias } = task.parts(weights);
      const count = ids.shape[0];
      const embedded = tf.reshape(tf.matMul(oneHot(ids), tokens), [count, context, width]);
      let x = tf.reshape(tf.add(embedded, positions), [-1, width]);
      for (const [wq, bq, wk, bk, wv, bv, wo, bo, g1, b1, w1, c1, w2, c2, g2, b2] of each) {
        const project = (/** @type {any} */ w, /** @type {any} */ b) => {
          const projected = tf.add(tf.matMul(x, tf.reshape(w, [width, width])), tf.reshape(b, [width]));
          return tf.transpose(tf.reshape(projected, [count, context, heads, width / heads]), [0, 2, 1, 3]);
        };
        const scores = tf.mul(
          tf.matMul(project(wq, bq), project(wk, bk), false, true),
          1 / Math.sqrt(width / heads),
        );
        const attended = tf.matMul(tf.softmax(tf.add(scores, future)), project(wv, bv));
        const joined = tf.reshape(tf.transpose(attended, [0, 2, 1, 3]), [-1, width]);
        x = normalize(tf.add(x, tf.add(tf.matMul(joined, tf.reshape(wo, [width, width])), bo)), g1, b1);
        const hidden = tf.relu(tf.add(tf.matMul(x, w1), c1));
        x = normalize(tf.add(x, tf.add(tf.matMul(hidden, w2), c2)), g2, b2);
      }
      return tf.losses.softmaxCrossEntropy(oneHot(t), tf.add(tf.matMul(x, head), headBias));
    },
  });
  return { figures, versions };
}
