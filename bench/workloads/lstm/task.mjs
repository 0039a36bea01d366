// The LSTM's task: reviews of 80 words out of 10,000, good or bad.
import { product, training } from "../../lib/flops.mjs";
import { drawWeights, glorot, uniform } from "../../lib/random.mjs";

export const batchSize = 32;
export const batchCount = 32;
export const warmUpBatches = 2;
export const checkCount = 2;
export const learningRate = 0.001;
export const vocabulary = 10_000;
export const width = 64;
export const units = 64;
export const steps = 80;
/** The words' vectors are weights, too: they have gradients. */
export const flopsPerSample = training(product(steps, width + units, 4 * units) + product(1, units, 1));
export const sampleShape = [steps];
export const targetShape = [1];

/** @param {number} count */
export function samples(count) {
  const next = uniform(2);
  const x = new Int32Array(count * steps);
  const t = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    t[i] = next() < 0.5 ? 0 : 1;
    // Good reviews use the second half of the words a little more often.
    for (let j = 0; j < steps; j++) {
      const half = next() < 0.4 + 0.2 * t[i] ? 0.5 : 0;
      x[i * steps + j] = Math.floor(vocabulary * (half + 0.5 * next()));
    }
  }
  return { x, t };
}

/** @param {number} repeat */
export function initialWeights(repeat) {
  const weights = drawWeights(
    [
      { shape: [vocabulary, width], limit: 0.05 },
      { shape: [width, 4 * units], limit: glorot(width, 4 * units) },
      // Numbers as large as those of the orthogonal matrices that Keras draws.
      { shape: [units, 4 * units], limit: Math.sqrt(3 / (4 * units)) },
      { shape: [4 * units] },
      { shape: [units, 1], limit: glorot(units, 1) },
      { shape: [1] },
    ],
    400 + repeat,
  );
  weights[3]?.data.fill(1, units, 2 * units); // the forget gate's bias
  return weights;
}
