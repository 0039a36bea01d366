// The task of prediction: 10,000 images in batches of 128, and one image alone, through the networks of W2 and W3.

import { images, pixels } from "../../lib/images.mjs";
import { median, sample, timed } from "../../lib/measure.mjs";
import { shareOfPeak } from "../../lib/peak_probe.mjs";
import * as convnet from "../convnet/task.mjs";
import * as mlp from "../mlp/task.mjs";

export const count = 10_000;
export const batchSize = 128;

/** @type {Record<"mlp" | "conv", { sampleShape: number[], forwardFlops: number, initialWeights: (repeat: number) => { shape: number[], data: Float32Array }[] }>} */
export const networks = { mlp, conv: convnet };

/** @typedef {keyof typeof networks} Network */

/**
 * Measures one contestant with both networks.
 *
 * `prepare` gives functions of a number of samples, of which all but the last batch are full: `many` predicts them in
 * batches, `one` predicts the first one; both give the probabilities in JavaScript's memory.
 *
 * @param {(network: Network, x: Float32Array, shape: number[]) => Promise<Predictor>} prepare
 * @param {{ few?: Partial<Record<Network, number>>, shares?: boolean }} [options] how many samples slow contestants predict,
 *   and whether the share of the machine's limit is measured, too
 * @returns {Promise<import("../../lib/contract.d.ts").Figures>}
 */
export async function measurePredictions(prepare, { few = {}, shares = false } = {}) {
  /** @type {import("../../lib/contract.d.ts").Figures} */
  const figures = {};
  for (const network of /** @type {Network[]} */ (Object.keys(networks))) {
    const n = few[network] ?? count;
    const { x } = images(n);
    const { many, one } = await prepare(network, x, [n, ...networks[network].sampleShape]);
    const probabilities = await many();
    if (probabilities.length !== n * mlp.classes) {
      throw new Error(`${network}: ${probabilities.length} numbers for ${n} samples`);
    }
    const times = [await timed(many), await timed(many), await timed(many)];
    figures[`${network}PerSecond`] = (1000 * n) / median(times.map(({ ms }) => ms));
    figures[`${network}Check`] = /** @type {number} */ (probabilities[0]);
    if (shares) figures[`${network}Share`] = await shareOfPeak(many, n * networks[network].forwardFlops, 1);
    const alone = await one();
    if (Math.abs(alone[0] - probabilities[0]) > 1e-4) throw new Error(`${network}: one sample differs`);
    await sample(one, 0.3);
    figures[`${network}SingleMs`] = median(await sample(one, 0.7));
  }
  return figures;
}

/** @typedef {{ many: () => Promise<ArrayLike<number>>, one: () => Promise<ArrayLike<number>> }} Predictor */

/** Ranges of the batches. @param {number} n @returns {[number, number][]} */
export function batchesOf(n) {
  return Array.from({ length: Math.ceil(n / batchSize) }, (_, i) => [
    i * batchSize,
    Math.min(n, (i + 1) * batchSize),
  ]);
}

/** What scripts in Python need. @param {import("../../lib/contract.d.ts").Request} request */
export function forPython({ repeat, threads }) {
  const named = (/** @type {string} */ prefix, /** @type {Network} */ network) =>
    networks[network].initialWeights(repeat).map((w, i) => [`${prefix}${i}`, w]);
  return {
    arrays: {
      x: { shape: [count, pixels], data: images(count).x },
      ...Object.fromEntries([...named("mlp", "mlp"), ...named("conv", "conv")]),
    },
    settings: { batchSize },
    threads,
  };
}
