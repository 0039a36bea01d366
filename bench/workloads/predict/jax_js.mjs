// jax-js: the networks written with its functions, jitted; the batches lie on the device.
import { startJax } from "../../lib/jax.mjs";
import { pool } from "../convnet/jax_pool.mjs";
import { flattened } from "../convnet/task.mjs";
import { batchesOf, batchSize, measurePredictions, networks } from "./task.mjs";

const few = { mlp: 40 * batchSize, conv: batchSize };

export const label = "jax-js wasm";
export const remark = `${few.mlp} and ${few.conv} samples instead of 10,000; one repeat`;
export const once = true;

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const { jax, versions } = await startJax();
  const { jit, lax, nn, numpy: np, tree } = jax;
  const forward = {
    mlp: ([w1, b1, w2, b2, w3, b3], /** @type {any} */ x) => {
      const h1 = nn.relu(np.matmul(x, w1).add(b1));
      const h2 = nn.relu(np.matmul(h1, w2).add(b2));
      return nn.softmax(np.matmul(h2, w3).add(b3));
    },
    conv: ([k1, b1, k2, b2, w, b], /** @type {any} */ x) => {
      const block = (/** @type {any} */ input, /** @type {any} */ kernel, /** @type {any} */ bias) => {
        const convolved = lax.conv(input, np.transpose(kernel, [3, 2, 0, 1]), [1, 1], "VALID");
        return pool(np, nn.relu(convolved.add(bias.reshape([1, bias.shape[0], 1, 1]))));
      };
      const features = block(block(np.transpose(x, [0, 3, 1, 2]), k1, b1), k2, b2);
      const flat = np.transpose(features, [0, 2, 3, 1]).reshape([features.shape[0], flattened]);
      return nn.softmax(np.matmul(flat, w).add(b));
    },
  };
  const figures = await measurePredictions(
    async (network, data, shape) => {
      const weights = networks[network].initialWeights(repeat).map((w) => np.array(w.data).reshape(w.shape));
      const predict = jit(forward[network]);
      const size = data.length / shape[0];
      const rows = (/** @type {number} */ from, /** @type {number} */ to) =>
        np.array(data.slice(from * size, to * size)).reshape([to - from, ...shape.slice(1)]);
      const batches = batchesOf(shape[0]).map(([from, to]) => rows(from, to));
      const first = rows(0, 1);
      return {
        many: async () => {
          const results = batches.map((x) => predict(tree.ref(weights), x.ref).dataSync());
          return Float32Array.from(results.flatMap((part) => [...part]));
        },
        one: async () => predict(tree.ref(weights), first.ref).dataSync(),
      };
    },
    { few },
  );
  return { figures, versions };
}
