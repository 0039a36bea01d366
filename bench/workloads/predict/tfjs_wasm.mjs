// TensorFlow.js on its wasm backend: model.predict, SIMD, one thread.
import { startTfjs } from "../../lib/tfjs.mjs";
import * as convnet from "../convnet/task.mjs";
import * as mlp from "../mlp/task.mjs";
import { batchSize, measurePredictions, networks } from "./task.mjs";

export const label = "TensorFlow.js wasm";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const { tf, versions } = await startTfjs("wasm");
  const { layers } = tf;
  const models = {
    mlp: [
      layers.dense({ units: mlp.hidden, inputShape: mlp.sampleShape, activation: "relu" }),
      layers.dense({ units: mlp.hidden, activation: "relu" }),
      layers.dense({ units: mlp.classes, activation: "softmax" }),
    ],
    conv: [
      layers.conv2d({ filters: 32, kernelSize: 3, activation: "relu", inputShape: convnet.sampleShape }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: "relu" }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: convnet.dropout }),
      layers.dense({ units: convnet.classes, activation: "softmax" }),
    ],
  };
  const figures = await measurePredictions(
    async (network, data, shape) => {
      const model = tf.sequential({ layers: models[network] });
      model.setWeights(networks[network].initialWeights(repeat).map((w) => tf.tensor(w.data, w.shape)));
      const x = tf.tensor(data, shape);
      const first = x.slice(0, 1);
      const predict = async (/** @type {any} */ input) => {
        const y = model.predict(input, { batchSize });
        const numbers = await y.data();
        y.dispose();
        return numbers;
      };
      return { many: () => predict(x), one: () => predict(first) };
    },
    { conv: 20 * batchSize },
  );
  return { figures, versions };
}
