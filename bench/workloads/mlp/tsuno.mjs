// Tsuno: model.fit of the built package, one thread.
import { timed } from "../../lib/measure.mjs";
import { tsunoVersion } from "../../lib/tsuno_version.mjs";
import {
  batchSize,
  classes,
  count,
  features,
  hidden,
  initialWeights,
  learningRate,
  samples,
  warmUpCount,
} from "./task.mjs";

export const label = "Tsuno";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const { np } = await import("tsuno");
  const { Sequential } = await import("tsuno/models");
  const { Dense } = await import("tsuno/layers");
  const { Adam } = await import("tsuno/optimizers");
  const data = samples();
  const rows = (/** @type {number} */ n) => [
    np.array(data.x.subarray(0, n * features)).reshape([n, features]),
    np.array(data.labels.subarray(0, n)),
  ];

  const model = new Sequential([
    new Dense(hidden, { inputShape: [features], activation: "relu" }),
    new Dense(hidden, { activation: "relu" }),
    new Dense(classes, { activation: "softmax" }),
  ]);
  model.compile({ loss: "sparse_categorical_crossentropy", optimizer: new Adam({ learningRate }) });
  model.setWeights(initialWeights(repeat).map((w) => np.array(w.data).reshape(w.shape)));
  // Unshuffled, so that every contestant sees the same batches.
  const options = { batchSize, epochs: 1, shuffle: false, verbose: 0 };

  const [xFew, tFew] = rows(warmUpCount);
  const warmUp = await timed(() => model.fit(xFew, tFew, options));
  const [x, t] = rows(count);
  await model.fit(x, t, options);
  const { ms } = await timed(() => model.fit(x, t, options));
  return {
    figures: {
      warmUpMs: warmUp.ms,
      warmUpLoss: warmUp.value.history.loss[0],
      samplesPerSecond: (1000 * count) / ms,
    },
    versions: await tsunoVersion(),
  };
}
