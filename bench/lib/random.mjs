// Seeded numbers, so that every contestant starts from the same weights and data.

/**
 * A 32-bit xorshift generator of uniform numbers in [0, 1).
 * @param {number} seed
 * @returns {() => number}
 */
export function uniform(seed) {
  // Neighbouring small seeds must not give neighbouring streams: spread the bits first.
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

/**
 * Weights of stacked Dense layers as Keras draws them: Glorot uniform kernels, zero biases.
 * @param {readonly number[]} widths units of the input and of each layer
 * @param {number} seed
 * @returns {{ shape: number[], data: Float32Array }[]} kernel, bias, kernel, bias, …
 */
export function denseWeights(widths, seed) {
  const next = uniform(seed);
  const weights = [];
  for (let layer = 1; layer < widths.length; layer++) {
    const fanIn = /** @type {number} */ (widths[layer - 1]);
    const fanOut = /** @type {number} */ (widths[layer]);
    const limit = Math.sqrt(6 / (fanIn + fanOut));
    const kernel = Float32Array.from({ length: fanIn * fanOut }, () => (2 * next() - 1) * limit);
    weights.push({ shape: [fanIn, fanOut], data: kernel });
    weights.push({ shape: [fanOut], data: new Float32Array(fanOut) });
  }
  return weights;
}
