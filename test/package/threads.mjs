// Trains a net that is worth sharing on as many threads as the argument says, and prints a hash of its weights.

import { setThreads } from "tsuno/config";
import { tensor } from "tsuno/engine";
import { Dense } from "tsuno/layers";
import { Sequential } from "tsuno/models";

setThreads(Number(process.argv[2]));

/** @param {number[]} shape */
const wave = (...shape) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(Float32Array.from({ length: size }, (_, i) => Math.fround(Math.sin(i)) / 8)).reshape(
    ...shape,
  );
};

const model = new Sequential([
  new Dense(256, { inputShape: [128], activation: "tanh" }),
  new Dense(256, { activation: "relu" }),
  new Dense(1),
]);
model.compile({ optimizer: "adam", loss: "mse" });
model.setWeights(model.getWeights().map((w) => wave(...w.shape)));
/** @type {{ batchSize: number, epochs: number, shuffle: boolean, verbose: 0 }} */
const options = { batchSize: 64, epochs: 3, shuffle: false, verbose: 0 };
await model.fit(wave(256, 128), wave(256, 1), options);
// Time for the workers to come, so that the second fit has them.
await new Promise((resolve) => setTimeout(resolve, 300));
await model.fit(wave(256, 128), wave(256, 1), options);
let hash = 0;
for (const weights of model.getWeights()) {
  for (const bits of new Int32Array(weights.dataSync().buffer)) hash = (31 * hash + bits) | 0;
}
console.log(hash);
