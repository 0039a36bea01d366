// jax-js: the network written with its functions.
import { startJax } from "../../lib/jax.mjs";
import { trainJax } from "../../lib/train_jax.mjs";
import * as task from "./task.mjs";

const batches = 4;

export const label = "jax-js wasm";
export const remark = `samples/s over ${batches} batches that lie on the device; one repeat`;
export const once = true;

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const { jax, versions } = await startJax();
  const { nn, numpy: np } = jax;
  const { context, width, heads, vocabulary, epsilon } = task;
  const normalize = (/** @type {any} */ x, /** @type {any} */ gamma, /** @type {any} */ beta) =>
    nn.standardize(x, -1, { epsilon }).mul(gamma).add(beta);

  const loss = (/** @type {any[]} */ weights, /** @type {any} */ ids, /** @type {any} */ t) => {
    const { tokens, positions, each, head, headBias } = task.parts(weights);
    const count = ids.shape[0];
    const rows = count * context;
    const embedded = np.take(tokens, ids.reshape([rows]), 0).reshape([count, context, width]);
    let x = embedded.add(positions).reshape([rows, width]);
    for (const [wq, bq, wk, bk, wv, bv, wo, bo, g1, b1, w1, c1, w2, c2, g2, b2] of each) {
      const project = (/** @type {any} */ w, /** @type {any} */ b) =>
        np
          .matmul(x.ref, w.reshape([width, width]))
          .add(b.reshape([width]))
          .reshape([count, context, heads, width / heads]);
      const attended = nn
        .dotProductAttention(project(wq, bq), project(wk, bk), project(wv, bv), { isCausal: true })
        .reshape([rows, width]);
      x = normalize(x.add(np.matmul(attended, wo.reshape([width, width])).add(bo)), g1, b1);
      const hidden = nn.relu(np.matmul(x.ref, w1).add(c1));
      x = normalize(x.add(np.matmul(hidden, w2).add(c2)), g2, b2);
    }
    return nn
      .logSoftmax(np.matmul(x, head).add(headBias))
      .mul(nn.oneHot(t.reshape([rows]), vocabulary))
      .sum()
      .mul(-1 / rows);
  };
  return { figures: await trainJax(jax, task, { repeat, batches, loss }), versions };
}
