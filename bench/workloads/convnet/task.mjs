// The convnet's task: ten classes of noisy 28 x 28 prototypes, and Keras's MNIST example as the model.
import { product, training } from "../../lib/flops.mjs";
import { classes } from "../../lib/images.mjs";
import { drawWeights, glorot } from "../../lib/random.mjs";

export { classes, images as samples } from "../../lib/images.mjs";

export const batchSize = 128;
export const batchCount = 16;
export const warmUpBatches = 1;
export const checkCount = 8;
export const learningRate = 0.001;
export const dropout = 0.5;
export const sampleShape = [28, 28, 1];
/** @type {number[]} */
export const targetShape = [];

/** What the Flatten layer gives. */
export const flattened = 5 * 5 * 64;

const first = product(26 * 26, 9, 32);
export const forwardFlops = first + product(11 * 11, 9 * 32, 64) + product(1, flattened, classes);
export const flopsPerSample = training(forwardFlops, first);

/** @param {number} repeat */
export function initialWeights(repeat) {
  return drawWeights(
    [
      { shape: [3, 3, 1, 32], limit: glorot(9, 9 * 32) },
      { shape: [32] },
      { shape: [3, 3, 32, 64], limit: glorot(9 * 32, 9 * 64) },
      { shape: [64] },
      { shape: [flattened, classes], limit: glorot(flattened, classes) },
      { shape: [classes] },
    ],
    300 + repeat,
  );
}
