// The same loop written by hand in plain JavaScript, float32 storage: what a careful engineer would do without a library.
import { timed } from "../../lib/measure.mjs";
import { uniform } from "../../lib/random.mjs";
import {
  batchSize,
  epochs,
  initialWeights,
  learningRate,
  lossFigures,
  sine,
  validationSplit,
} from "./task.mjs";

export const label = "plain JavaScript";

const hidden = 20;

/**
 * @param {Float32Array} x
 * @param {Float32Array} t
 * @param {Float32Array[]} weights w1, b1, w2, b2; trained in place
 * @param {() => number} random
 */
function fit(x, t, weights, random) {
  const [w1, b1, w2, b2] = /** @type {[Float32Array, Float32Array, Float32Array, Float32Array]} */ (weights);
  const trainCount = Math.floor(x.length * (1 - validationSplit));
  const validationCount = x.length - trainCount;
  const order = new Int32Array(trainCount);
  for (let i = 0; i < trainCount; i++) order[i] = i;
  const z = new Float32Array(hidden);
  const dw1 = new Float32Array(hidden);
  const db1 = new Float32Array(hidden);
  const dw2 = new Float32Array(hidden);
  const loss = new Float32Array(epochs);
  const valLoss = new Float32Array(epochs);

  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = trainCount - 1; i > 0; i--) {
      const j = (random() * (i + 1)) | 0;
      const swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }

    let total = 0;
    for (let start = 0; start < trainCount; start += batchSize) {
      const end = Math.min(start + batchSize, trainCount);
      const scale = 2 / (end - start);
      dw1.fill(0);
      db1.fill(0);
      dw2.fill(0);
      let db2 = 0;
      for (let s = start; s < end; s++) {
        const xs = x[order[s]];
        let y = b2[0];
        for (let j = 0; j < hidden; j++) {
          const a = 1 / (1 + Math.exp(-(w1[j] * xs + b1[j])));
          z[j] = a;
          y += w2[j] * a;
        }
        const error = y - t[order[s]];
        total += error * error;
        const dy = scale * error;
        db2 += dy;
        for (let j = 0; j < hidden; j++) {
          const a = z[j];
          const da = dy * w2[j] * a * (1 - a);
          dw2[j] += dy * a;
          db1[j] += da;
          dw1[j] += da * xs;
        }
      }
      for (let j = 0; j < hidden; j++) {
        w1[j] -= learningRate * dw1[j];
        b1[j] -= learningRate * db1[j];
        w2[j] -= learningRate * dw2[j];
      }
      b2[0] -= learningRate * db2;
    }
    loss[epoch] = total / trainCount;

    let valTotal = 0;
    for (let s = trainCount; s < x.length; s++) {
      const xs = x[s];
      let y = b2[0];
      for (let j = 0; j < hidden; j++) y += w2[j] / (1 + Math.exp(-(w1[j] * xs + b1[j])));
      const error = y - t[s];
      valTotal += error * error;
    }
    valLoss[epoch] = valTotal / validationCount;
  }
  return { loss, valLoss };
}

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const { x, t } = sine();
  const train = () => {
    const weights = initialWeights(repeat).map((w) => w.data);
    return timed(() => fit(x, t, weights, uniform(repeat)));
  };
  const first = await train();
  const second = await train();
  return {
    figures: { firstMs: first.ms, secondMs: second.ms, ...lossFigures(second.value) },
    versions: {},
  };
}
