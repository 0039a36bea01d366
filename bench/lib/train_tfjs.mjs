// The course that every training takes with TensorFlow.js where a layer or its gradient is missing: variables, a loss
// written with operations, and the library's Adam. One step over a few samples, because it is slow.
import { timed } from "./measure.mjs";
import { elements } from "./random.mjs";

/**
 * @param {any} tf
 * @param {import("./contract.d.ts").TrainingTask} task
 * @param {object} options
 * @param {number} options.repeat
 * @param {number} options.batchSize samples of a step
 * @param {(weights: any[], x: any, t: any, training: boolean) => any} options.loss mean loss of a batch
 * @returns {Promise<import("./contract.d.ts").Figures>}
 */
export async function trainTfjs(tf, task, { repeat, batchSize, loss }) {
  const { checkCount, sampleShape, targetShape } = task;
  const data = task.samples(Math.max(batchSize, checkCount));
  const tensor = (/** @type {Float32Array | Int32Array} */ values, /** @type {number[]} */ shape) =>
    tf.tensor(values.subarray(0, elements(shape)), shape, values instanceof Int32Array ? "int32" : "float32");
  const rows = (/** @type {number} */ n) => [
    tensor(data.x, [n, ...sampleShape]),
    tensor(data.t, [n, ...targetShape]),
  ];
  const weights = task.initialWeights(repeat).map((w) => tf.variable(tf.tensor(w.data, w.shape)));
  const [xCheck, tCheck] = rows(checkCount);
  const checkLoss = tf.tidy(() => loss(weights, xCheck, tCheck, false).dataSync()[0]);

  const [x, t] = rows(batchSize);
  const optimizer = tf.train.adam(task.learningRate);
  const step = async () => {
    const cost = optimizer.minimize(() => loss(weights, x, t, true), true, weights);
    const value = (await cost.data())[0];
    cost.dispose();
    return value;
  };
  const warmUp = await timed(step);
  const { ms, value } = await timed(step);
  if (!(value < 1.5 * warmUp.value)) throw new Error(`the loss went from ${warmUp.value} to ${value}`);
  return { samplesPerSecond: (1000 * batchSize) / ms, lastLoss: value, checkLoss };
}
