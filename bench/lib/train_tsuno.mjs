// The course that every training takes with Tsuno: warm up, measure, check.
import { peakMb, timed } from "./measure.mjs";
import { shareOfPeak } from "./peak_probe.mjs";
import { elements } from "./random.mjs";
import { tsunoVersion } from "./tsuno_version.mjs";

/**
 * @param {import("./contract.d.ts").TrainingTask} task
 * @param {any} model compiled
 * @param {import("./contract.d.ts").Request} request
 * @returns {Promise<import("./contract.d.ts").Outcome>}
 */
export async function trainTsuno(task, model, { repeat, threads }) {
  const { np } = await import("tsuno");
  const { batchSize, batchCount, warmUpBatches, checkCount, sampleShape, targetShape } = task;
  const data = task.samples(batchSize * batchCount);
  const rows = (/** @type {number} */ n) => [
    np.array(data.x.subarray(0, n * elements(sampleShape))).reshape([n, ...sampleShape]),
    np.array(data.t.subarray(0, n * elements(targetShape))).reshape([n, ...targetShape]),
  ];
  const weights = task.initialWeights(repeat).map((w) => np.array(w.data).reshape(w.shape));
  const [xFew, tFew] = rows(batchSize * warmUpBatches);
  const [x, t] = rows(batchSize * batchCount);
  const [xCheck, tCheck] = rows(checkCount);
  // Unshuffled, so that every contestant sees the same batches.
  const options = { batchSize, epochs: 1, shuffle: false, verbose: 0 };

  model.setWeights(weights);
  const warmUp = await timed(() => model.fit(xFew, tFew, options));
  await model.fit(x, t, options);
  const { ms, value } = await timed(() => model.fit(x, t, options));
  const peak = peakMb();
  const flops = batchSize * batchCount * task.flopsPerSample;
  const share = await shareOfPeak(() => model.fit(x, t, options), flops, 2);
  model.setWeights(weights);
  const [checkLoss] = [await model.evaluate(xCheck, tCheck, { verbose: 0 })].flat();
  return {
    figures: {
      warmUpMs: warmUp.ms,
      warmUpLoss: warmUp.value.history.loss[0],
      samplesPerSecond: (1000 * batchSize * batchCount) / ms,
      shareOfPeak: share / threads,
      lastLoss: value.history.loss[0],
      checkLoss,
      peakMb: peak,
    },
    versions: await tsunoVersion(),
  };
}
