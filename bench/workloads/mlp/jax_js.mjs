// jax-js: the whole Adam step jitted.
import { startJax } from "../../lib/jax.mjs";
import { trainJax } from "../../lib/train_jax.mjs";
import * as task from "./task.mjs";

const batches = 16;

export const label = "jax-js wasm";
export const remark = `samples/s over ${batches} batches that lie on the device`;

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const { jax, versions } = await startJax();
  const { nn, numpy: np } = jax;
  const loss = (
    /** @type {any[]} */ [w1, b1, w2, b2, w3, b3],
    /** @type {any} */ x,
    /** @type {any} */ t,
  ) => {
    const count = x.shape[0];
    const h1 = nn.relu(np.matmul(x, w1).add(b1));
    const h2 = nn.relu(np.matmul(h1, w2).add(b2));
    return nn
      .logSoftmax(np.matmul(h2, w3).add(b3))
      .mul(nn.oneHot(t, task.classes))
      .sum()
      .mul(-1 / count);
  };
  return { figures: await trainJax(jax, task, { repeat, batches, loss }), versions };
}
