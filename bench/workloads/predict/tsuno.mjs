// Tsuno: model.predict.
import { tsunoVersion } from "../../lib/tsuno_version.mjs";
import * as convnet from "../convnet/task.mjs";
import * as mlp from "../mlp/task.mjs";
import { batchSize, measurePredictions, networks } from "./task.mjs";

export const label = "Tsuno";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat, threads }) {
  const { np } = await import("tsuno");
  const { Sequential } = await import("tsuno/models");
  const { Conv2D, Dense, Dropout, Flatten, Input, MaxPooling2D } = await import("tsuno/layers");
  const models = {
    mlp: new Sequential([
      Input({ shape: mlp.sampleShape }),
      new Dense(mlp.hidden, { activation: "relu" }),
      new Dense(mlp.hidden, { activation: "relu" }),
      new Dense(mlp.classes, { activation: "softmax" }),
    ]),
    conv: new Sequential([
      Input({ shape: convnet.sampleShape }),
      new Conv2D(32, [3, 3], { activation: "relu" }),
      new MaxPooling2D({ poolSize: [2, 2] }),
      new Conv2D(64, [3, 3], { activation: "relu" }),
      new MaxPooling2D({ poolSize: [2, 2] }),
      new Flatten(),
      new Dropout(convnet.dropout),
      new Dense(convnet.classes, { activation: "softmax" }),
    ]),
  };
  const figures = await measurePredictions(
    async (network, data, shape) => {
      const model = models[network];
      model.setWeights(
        networks[network].initialWeights(repeat).map((w) => np.array(w.data).reshape(w.shape)),
      );
      const x = np.array(data).reshape(shape);
      const first = np.array(data.subarray(0, data.length / shape[0])).reshape([1, ...shape.slice(1)]);
      const options = { batchSize, verbose: 0 };
      return {
        many: async () => (await model.predict(x, options)).data(),
        one: async () => (await model.predict(first, options)).data(),
      };
    },
    { shares: threads === 1 },
  );
  return { figures, versions: await tsunoVersion() };
}
