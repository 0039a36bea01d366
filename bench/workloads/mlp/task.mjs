// The MLP's task: ten classes of noisy 784-pixel prototypes, 8,192 samples, in float32.
import { product, training } from "../../lib/flops.mjs";
import { classes, pixels } from "../../lib/images.mjs";
import { denseWeights } from "../../lib/random.mjs";

export { classes, images as samples, pixels as features } from "../../lib/images.mjs";

export const batchSize = 128;
export const batchCount = 64;
export const warmUpBatches = 4;
export const checkCount = 128;
export const hidden = 512;
export const learningRate = 0.001;
const first = product(1, pixels, hidden);
export const forwardFlops = first + product(1, hidden, hidden) + product(1, hidden, classes);
export const flopsPerSample = training(forwardFlops, first);
export const sampleShape = [pixels];
/** @type {number[]} */
export const targetShape = [];

/** @param {number} repeat */
export function initialWeights(repeat) {
  return denseWeights([pixels, hidden, hidden, classes], 200 + repeat);
}
