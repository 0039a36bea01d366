// Ten classes of noisy prototypes of 28 x 28 pixels in [0, 1]: what MNIST is like, without a download.
import { uniform } from "./random.mjs";

export const pixels = 28 * 28;
export const classes = 10;

/**
 * @param {number} count the first images are the same for every count
 * @returns {{ x: Float32Array, t: Int32Array }} rows of pixels, and their classes
 */
export function images(count) {
  const next = uniform(1);
  const prototypes = Float32Array.from({ length: classes * pixels }, () => next());
  const t = new Int32Array(count);
  const x = new Float32Array(count * pixels);
  for (let i = 0; i < count; i++) {
    t[i] = Math.floor(classes * next());
    for (let j = 0; j < pixels; j++) {
      x[i * pixels + j] = 0.2 * prototypes[t[i] * pixels + j] + 0.8 * next();
    }
  }
  return { x, t };
}
