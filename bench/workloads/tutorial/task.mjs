// The tutorial's task: 50 points of a sine, the last tenth held back, a small network trained for 2,000 epochs.
import { denseWeights } from "../../lib/random.mjs";

export const epochs = 2000;
export const batchSize = 8;
export const validationSplit = 0.1;
export const learningRate = 0.01;
/** Where contestants too slow for all 2,000 epochs stop; the others note their loss there too. */
export const checkpoint = 200;

const count = 50;

/** @returns {{ x: Float32Array, t: Float32Array }} as np.linspace(-pi, pi) and np.sin give them */
export function sine() {
  const x = Float32Array.from({ length: count }, (_, i) => -Math.PI + (2 * Math.PI * i) / (count - 1));
  return { x, t: x.map(Math.sin) };
}

/** @param {number} repeat */
export function initialWeights(repeat) {
  return denseWeights([1, 20, 1], 100 + repeat);
}

/**
 * Losses that all contestants must agree on, whatever order they shuffled in.
 * @param {{ loss: ArrayLike<number>, valLoss: ArrayLike<number> }} history
 * @returns {Record<string, number>}
 */
export function lossFigures({ loss, valLoss }) {
  if (loss.length !== valLoss.length) throw new Error("loss and val_loss differ in length");
  const at = (/** @type {number} */ epoch) => loss[epoch - 1] ?? Number.NaN;
  return {
    epochs: loss.length,
    lossFirst: at(1),
    lossCheckpoint: at(checkpoint),
    lossLast: at(epochs),
    valLossLast: valLoss[epochs - 1] ?? Number.NaN,
  };
}
