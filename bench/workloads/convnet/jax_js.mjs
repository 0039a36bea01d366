// jax-js: convolutions of lax, images as channels first, which is what it knows.
import { startJax } from "../../lib/jax.mjs";
import { uniform } from "../../lib/random.mjs";
import { trainJax } from "../../lib/train_jax.mjs";
import { pool } from "./jax_pool.mjs";
import * as task from "./task.mjs";

export const label = "jax-js wasm";
export const remark =
  "one batch measured, which lies on the device; one repeat; the same dropout mask in every step";
export const once = true;

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const { jax, versions } = await startJax();
  const { lax, nn, numpy: np } = jax;
  const next = uniform(repeat);
  const mask = np
    .array(
      Float32Array.from({ length: task.batchSize * task.flattened }, () =>
        next() < task.dropout ? 0 : 1 / (1 - task.dropout),
      ),
    )
    .reshape([task.batchSize, task.flattened]);

  const logits = (
    /** @type {any[]} */ [k1, b1, k2, b2, w, b],
    /** @type {any} */ x,
    /** @type {boolean} */ training,
  ) => {
    const block = (/** @type {any} */ input, /** @type {any} */ kernel, /** @type {any} */ bias) =>
      pool(
        np,
        nn.relu(
          lax
            .conv(input, np.transpose(kernel, [3, 2, 0, 1]), [1, 1], "VALID")
            .add(bias.reshape([1, bias.shape[0], 1, 1])),
        ),
      );
    const features = block(block(np.transpose(x, [0, 3, 1, 2]), k1, b1), k2, b2);
    const flat = np.transpose(features, [0, 2, 3, 1]).reshape([features.shape[0], task.flattened]);
    return np.matmul(training ? flat.mul(mask.ref) : flat, w).add(b);
  };
  const loss =
    (/** @type {boolean} */ training) =>
    (/** @type {any[]} */ weights, /** @type {any} */ x, /** @type {any} */ t) => {
      const count = x.shape[0];
      return nn
        .logSoftmax(logits(weights, x, training))
        .mul(nn.oneHot(t, task.classes))
        .sum()
        .mul(-1 / count);
    };
  const figures = await trainJax(jax, task, { repeat, batches: 1, loss: loss(true), checkLoss: loss(false) });
  return { figures, versions };
}
