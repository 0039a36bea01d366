// The MLP's task: ten classes of noisy 784-pixel prototypes, 8,192 samples, in float32.
import { denseWeights, uniform } from "../../lib/random.mjs";

export const count = 8192;
export const batchSize = 128;
export const features = 784;
export const hidden = 512;
export const classes = 10;
export const learningRate = 0.001;
/** The first batches of a fresh model: they warm up, and every contestant must find the same losses in them. */
export const warmUpCount = 4 * batchSize;

/** @returns {{ x: Float32Array, labels: Int32Array }} rows of pixels in [0, 1], and their classes */
export function samples() {
  const next = uniform(1);
  const prototypes = Float32Array.from({ length: classes * features }, () => next());
  const labels = Int32Array.from({ length: count }, () => Math.floor(classes * next()));
  const x = new Float32Array(count * features);
  for (let i = 0; i < count; i++) {
    const prototype = labels[i] * features;
    for (let j = 0; j < features; j++) x[i * features + j] = 0.2 * prototypes[prototype + j] + 0.8 * next();
  }
  return { x, labels };
}

/** @param {number} repeat */
export function initialWeights(repeat) {
  return denseWeights([features, hidden, hidden, classes], 200 + repeat);
}
