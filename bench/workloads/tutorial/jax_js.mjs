// jax-js: a jitted training step and a jitted evaluation, driven by a JavaScript loop.
import { startJax } from "../../lib/jax.mjs";
import { timed } from "../../lib/measure.mjs";
import { uniform } from "../../lib/random.mjs";
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

export const label = "jax-js wasm";
export const remark = `second fit: ${checkpoint} epochs measured, times ${epochs / checkpoint}`;

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const { jax, versions } = await startJax();
  const { jit, nn, numpy: np, tree, valueAndGrad } = jax;
  const data = sine();
  const trainCount = Math.floor(data.x.length * (1 - validationSplit));

  /** jax-js frees an array when it is passed on; `.ref` keeps it for another use. */
  const loss = (/** @type {any} */ { w1, b1, w2, b2 }, /** @type {any} */ x, /** @type {any} */ t) => {
    const z = nn.sigmoid(np.matmul(x, w1).add(b1));
    return np.square(np.matmul(z, w2).add(b2).sub(t)).mean();
  };
  const evaluate = jit(loss);
  const step = jit((/** @type {any} */ weights, /** @type {any} */ x, /** @type {any} */ t) => {
    const [value, gradients] = valueAndGrad(loss)(tree.ref(weights), x, t);
    const updated = tree.map(
      (/** @type {any} */ w, /** @type {any} */ g) => w.sub(g.mul(learningRate)),
      weights,
      gradients,
    );
    return [value, updated];
  });

  const fit = async () => {
    const random = uniform(repeat);
    const [w1, b1, w2, b2] = initialWeights(repeat).map((w) => np.array(w.data).reshape(w.shape));
    let weights = { w1, b1, w2, b2 };
    const order = Int32Array.from({ length: trainCount }, (_, i) => i);
    const column = (/** @type {Float32Array} */ values) => np.array(values).reshape([values.length, 1]);
    const xValidation = column(data.x.slice(trainCount));
    const tValidation = column(data.t.slice(trainCount));
    const history = { loss: /** @type {number[]} */ ([]), valLoss: /** @type {number[]} */ ([]) };
    for (let epoch = 0; epoch < checkpoint; epoch++) {
      for (let i = trainCount - 1; i > 0; i--) {
        const j = (random() * (i + 1)) | 0;
        const swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
      let total = 0;
      for (let start = 0; start < trainCount; start += batchSize) {
        const batch = order.subarray(start, start + batchSize);
        const x = column(Float32Array.from(batch, (i) => data.x[i]));
        const t = column(Float32Array.from(batch, (i) => data.t[i]));
        const [value, updated] = step(weights, x, t);
        weights = updated;
        total += batch.length * value.dataSync()[0];
      }
      history.loss.push(total / trainCount);
      const value = evaluate(tree.ref(weights), xValidation.ref, tValidation.ref);
      history.valLoss.push(value.dataSync()[0]);
    }
    xValidation.dispose();
    tValidation.dispose();
    tree.dispose(weights);
    return history;
  };

  const scale = epochs / checkpoint;
  const first = await timed(fit);
  const second = await timed(fit);
  return {
    figures: {
      // What the first fit costs once is not scaled.
      firstMs: first.ms + (scale - 1) * second.ms,
      secondMs: scale * second.ms,
      ...lossFigures(second.value),
    },
    versions,
  };
}
