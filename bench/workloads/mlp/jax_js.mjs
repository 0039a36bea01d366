// jax-js: the whole Adam step jitted, the batches already on the device.
import { startJax } from "../../lib/jax.mjs";
import { timed } from "../../lib/measure.mjs";
import { batchSize, classes, features, initialWeights, learningRate, samples, warmUpCount } from "./task.mjs";

export const label = "jax-js wasm";
export const remark = "samples/s over 16 batches that lie on the device";

const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-7];

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const { jax, versions } = await startJax();
  const { blockUntilReady, jit, nn, numpy: np, tree, valueAndGrad } = jax;
  const data = samples();
  const batchCount = 16;
  const batches = Array.from({ length: batchCount }, (_, i) => [
    np
      .array(data.x.slice(i * batchSize * features, (i + 1) * batchSize * features))
      .reshape([batchSize, features]),
    np.array(data.labels.slice(i * batchSize, (i + 1) * batchSize)),
  ]);

  /** jax-js frees an array when it is passed on; `.ref` keeps it for another use. */
  const loss = (/** @type {any[]} */ weights, /** @type {any} */ x, /** @type {any} */ labels) => {
    const [w1, b1, w2, b2, w3, b3] = weights;
    const h1 = nn.relu(np.matmul(x, w1).add(b1));
    const h2 = nn.relu(np.matmul(h1, w2).add(b2));
    const logProbabilities = nn.logSoftmax(np.matmul(h2, w3).add(b3));
    return logProbabilities
      .mul(nn.oneHot(labels, classes))
      .sum()
      .mul(-1 / batchSize);
  };
  const step = jit(
    (
      /** @type {any[]} */ weights,
      /** @type {any[]} */ means,
      /** @type {any[]} */ squares,
      /** @type {any} */ rate,
      /** @type {any} */ x,
      /** @type {any} */ labels,
    ) => {
      const [value, gradients] = valueAndGrad(loss)(tree.ref(weights), x, labels);
      const newMeans = means.map((m, i) => m.mul(beta1).add(gradients[i].ref.mul(1 - beta1)));
      const newSquares = squares.map((v, i) => v.mul(beta2).add(np.square(gradients[i]).mul(1 - beta2)));
      const newWeights = weights.map((w, i) =>
        w.sub(newMeans[i].ref.mul(rate.ref).div(np.sqrt(newSquares[i].ref).add(epsilon))),
      );
      rate.dispose();
      return [value, newWeights, newMeans, newSquares];
    },
  );

  let weights = initialWeights(repeat).map((w) => np.array(w.data).reshape(w.shape));
  let means = initialWeights(repeat).map((w) => np.zeros(w.shape));
  let squares = initialWeights(repeat).map((w) => np.zeros(w.shape));
  let steps = 0;
  /** @param {number} n */
  const train = async (n) => {
    let total = 0;
    for (let i = 0; i < n; i++) {
      const [x, labels] = batches[i];
      steps++;
      const rate = np.array((learningRate * Math.sqrt(1 - beta2 ** steps)) / (1 - beta1 ** steps));
      const [value, ...state] = step(weights, means, squares, rate, x.ref, labels.ref);
      [weights, means, squares] = state;
      total += value.dataSync()[0];
    }
    await blockUntilReady(weights);
    return total / n;
  };

  const warmUp = await timed(() => train(warmUpCount / batchSize));
  const { ms } = await timed(() => train(batchCount));
  return {
    figures: {
      warmUpMs: warmUp.ms,
      warmUpLoss: warmUp.value,
      samplesPerSecond: (1000 * batchCount * batchSize) / ms,
    },
    versions,
  };
}
