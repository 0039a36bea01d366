// TensorFlow.js, cpu backend; the wasm one has no gradient of convolutions (no Conv2DBackpropFilter).
import { startTfjs } from "../../lib/tfjs.mjs";
import { trainTfjs } from "../../lib/train_tfjs.mjs";
import * as task from "./task.mjs";

const few = 8;

export const label = "TensorFlow.js cpu";
export const remark = `a step of ${few} samples measured instead of ${task.batchSize}; one repeat; its wasm backend cannot`;
export const once = true;

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const { tf, versions } = await startTfjs("cpu");
  const figures = await trainTfjs(tf, task, {
    repeat,
    batchSize: few,
    loss([k1, b1, k2, b2, w, b], x, t, training) {
      const block = (/** @type {any} */ input, /** @type {any} */ kernel, /** @type {any} */ bias) =>
        tf.maxPool(tf.relu(tf.add(tf.conv2d(input, kernel, 1, "valid"), bias)), 2, 2, "valid");
      const flat = tf.reshape(block(block(x, k1, b1), k2, b2), [-1, task.flattened]);
      const logits = tf.add(tf.matMul(training ? tf.dropout(flat, task.dropout) : flat, w), b);
      return tf.losses.softmaxCrossEntropy(tf.oneHot(t, task.classes), logits);
    },
  });
  return { figures, versions };
}
