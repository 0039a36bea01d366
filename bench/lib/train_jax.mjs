// The course that every training takes with jax-js: Adam around a loss, the whole step jitted, batches on the device.
import { peakMb, timed } from "./measure.mjs";
import { elements } from "./random.mjs";

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-7];

/**
 * @param {any} jax
 * @param {import("./contract.d.ts").TrainingTask} task
 * @param {object} options
 * @param {number} options.repeat
 * @param {number} options.batches how many are measured; the first of them warms up
 * @param {(weights: any[], x: any, t: any) => any} options.loss mean loss of a batch; frees its arguments as jax-js does
 * @param {(weights: any[], x: any, t: any) => any} [options.checkLoss] the same without dropout
 * @returns {Promise<import("./contract.d.ts").Figures>}
 */
export async function trainJax(jax, task, { repeat, batches, loss, checkLoss = loss }) {
  const { blockUntilReady, jit, numpy: np, tree, valueAndGrad } = jax;
  const { batchSize, checkCount, warmUpBatches, sampleShape, targetShape } = task;
  const data = task.samples(batchSize * Math.max(batches, warmUpBatches));
  const rows = (/** @type {number} */ from, /** @type {number} */ to) => [
    np
      .array(data.x.slice(from * elements(sampleShape), to * elements(sampleShape)))
      .reshape([to - from, ...sampleShape]),
    np
      .array(data.t.slice(from * elements(targetShape), to * elements(targetShape)))
      .reshape([to - from, ...targetShape]),
  ];
  const onDevice = Array.from({ length: Math.max(batches, warmUpBatches) }, (_, i) =>
    rows(i * batchSize, (i + 1) * batchSize),
  );
  const initial = task.initialWeights(repeat);
  const fresh = () => initial.map((w) => np.array(w.data).reshape(w.shape));
  const zeros = () => initial.map((w) => np.zeros(w.shape));

  const step = jit(
    (
      /** @type {any[]} */ weights,
      /** @type {any[]} */ means,
      /** @type {any[]} */ squares,
      /** @type {any} */ rate,
      /** @type {any} */ x,
      /** @type {any} */ t,
    ) => {
      const [value, gradients] = valueAndGrad(loss)(tree.ref(weights), x, t);
      const newMeans = means.map((m, i) => m.mul(beta1).add(gradients[i].ref.mul(1 - beta1)));
      const newSquares = squares.map((v, i) => v.mul(beta2).add(np.square(gradients[i]).mul(1 - beta2)));
      const newWeights = weights.map((w, i) =>
        w.sub(newMeans[i].ref.mul(rate.ref).div(np.sqrt(newSquares[i].ref).add(epsilon))),
      );
      rate.dispose();
      return [value, newWeights, newMeans, newSquares];
    },
  );

  let state = [fresh(), zeros(), zeros()];
  let steps = 0;
  /** @param {number} n */
  const train = async (n) => {
    let total = 0;
    for (let i = 0; i < n; i++) {
      const [x, t] = /** @type {any[]} */ (onDevice[i]);
      steps++;
      const rate = np.array((task.learningRate * Math.sqrt(1 - beta2 ** steps)) / (1 - beta1 ** steps));
      const [value, ...next] = step(...state, rate, x.ref, t.ref);
      state = next;
      total += value.dataSync()[0];
    }
    await blockUntilReady(state[0]);
    return total / n;
  };

  const warmUp = await timed(() => train(warmUpBatches));
  const { ms, value } = await timed(() => train(batches));
  const peak = peakMb();
  const check = checkLoss(fresh(), ...rows(0, checkCount));
  return {
    warmUpMs: warmUp.ms,
    warmUpLoss: warmUp.value,
    samplesPerSecond: (1000 * batches * batchSize) / ms,
    lastLoss: value,
    checkLoss: check.dataSync()[0],
    peakMb: peak,
  };
}
