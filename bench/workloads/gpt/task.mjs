// The mini GPT's task: the next of 64 tokens out of 1,000, with two blocks as Keras's example of a small GPT has them.
import { product, training } from "../../lib/flops.mjs";
import { drawWeights, glorot, uniform } from "../../lib/random.mjs";

export const batchSize = 16;
export const batchCount = 16;
export const warmUpBatches = 1;
export const checkCount = 2;
export const learningRate = 0.001;
export const vocabulary = 1000;
export const context = 64;
export const width = 128;
export const heads = 4;
export const blocks = 2;
export const feedForward = 4 * width;
// Queries, keys, values and what is made of them; all scores of all places, and what they weigh; two dense layers.
const blockFlops =
  4 * product(context, width, width) +
  2 * product(context, width, context) +
  2 * product(context, width, feedForward);
export const flopsPerSample = training(blocks * blockFlops + product(context, width, vocabulary));
/** Of layer normalization, Keras's default. */
export const epsilon = 0.001;
export const sampleShape = [context];
export const targetShape = [context];

/** @param {number} count */
export function samples(count) {
  const next = uniform(3);
  const x = new Int32Array(count * context);
  const t = new Int32Array(count * context);
  for (let i = 0; i < count; i++) {
    let token = Math.floor(vocabulary * next());
    for (let j = 0; j < context; j++) {
      x[i * context + j] = token;
      // Half of the time the token says which one follows.
      token = next() < 0.5 ? (7 * token + 1) % vocabulary : Math.floor(vocabulary * next());
      t[i * context + j] = token;
    }
  }
  return { x, t };
}

/** @param {number} repeat */
export function initialWeights(repeat) {
  const size = width / heads;
  // Glorot's fans of kernels with three axes, as Keras counts them: the axes before the last two are a window.
  const projection = { shape: [width, heads, size], limit: glorot(width * heads, width * size) };
  const projectionBias = { shape: [heads, size] };
  const norm = [{ shape: [width], value: 1 }, { shape: [width] }];
  const dense = (/** @type {number} */ from, /** @type {number} */ to) => [
    { shape: [from, to], limit: glorot(from, to) },
    { shape: [to] },
  ];
  const block = [
    ...[projection, projectionBias, projection, projectionBias, projection, projectionBias],
    { shape: [heads, size, width], limit: glorot(heads * size, heads * width) },
    { shape: [width] },
    ...norm,
    ...dense(width, feedForward),
    ...dense(feedForward, width),
    ...norm,
  ];
  return drawWeights(
    [
      { shape: [vocabulary, width], limit: 0.05 },
      { shape: [context, width], limit: 0.05 },
      ...Array.from({ length: blocks }, () => block).flat(),
      ...dense(width, vocabulary),
    ],
    500 + repeat,
  );
}

/**
 * The weights by their parts, for contestants that know no layers.
 * @template W
 * @param {readonly W[]} weights
 */
export function parts(weights) {
  const perBlock = 16;
  const [tokens, positions] = /** @type {[W, W]} */ (weights.slice(0, 2));
  const [head, headBias] = /** @type {[W, W]} */ (weights.slice(-2));
  const each = Array.from({ length: blocks }, (_, i) =>
    weights.slice(2 + i * perBlock, 2 + (i + 1) * perBlock),
  );
  return { tokens, positions, each, head, headBias };
}
