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

/**
 * Weights of any layers: `limit` draws uniformly from [-limit, limit), `value` fills.
 * @param {readonly { shape: number[], limit?: number, value?: number }[]} weights
 * @param {number} seed
 * @returns {{ shape: number[], data: Float32Array }[]}
 */
export function drawWeights(weights, seed) {
  const next = uniform(seed);
  return weights.map(({ shape, limit, value = 0 }) => ({
    shape,
    data: Float32Array.from({ length: elements(shape) }, () =>
      limit === undefined ? value : (2 * next() - 1) * limit,
    ),
  }));
}

/**
 * The limit of Glorot's uniform distribution.
 * @param {number} fanIn
 * @param {number} fanOut
 */
export function glorot(fanIn, fanOut) {
  return Math.sqrt(6 / (fanIn + fanOut));
}

/**
 * @param {readonly number[]} shape
 * @returns {number}
 */
export function elements(shape) {
  return shape.reduce((product, n) => product * n, 1);
}
