// jax-js: the network written with its functions. Its jit cannot differentiate a lookup, so tokens are one-hot rows times
// the table; its own attention needs a newer Node than 20, so that is written out.
import { startJax } from "../../lib/jax.mjs";
import { trainJax } from "../../lib/train_jax.mjs";
import * as task from "./task.mjs";

const batches = 4;

export const label = "jax-js wasm";
export const remark = `samples/s over ${batches} batches that lie on the device; one-hot tokens; one repeat`;
export const once = true;

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const { jax, versions } = await startJax();
  const { nn, numpy: np } = jax;
  const { context, width, heads, vocabulary, epsilon } = task;
  const future = np
    .array(
      Float32Array.from({ length: context ** 2 }, (_, i) =>
        i % context > Math.floor(i / context) ? -1e9 : 0,
      ),
    )
    .reshape([context, context]);
  const normalize = (/** @type {any} */ x, /** @type {any} */ gamma, /** @type {any} */ beta) =>
    nn.standardize(x, -1, { epsilon }).mul(gamma).add(beta);

  const loss = (/** @type {any[]} */ weights, /** @type {any} */ ids, /** @type {any} */ t) => {
    const { tokens, positions, each, head, headBias } = task.parts(weights);
    const count = ids.shape[0];
    const rows = count * context;
    const embedded = np
      .matmul(nn.oneHot(ids.reshape([rows]), vocabulary), tokens)
      .reshape([count, context, width]);
    let x = embedded.add(positions).reshape([rows, width]);
    for (const [wq, bq, wk, bk, wv, bv, wo, bo, g1, b1, w1, c1, w2, c2, g2, b2] of each) {
      const project = (/** @type {any} */ w, /** @type {any} */ b, /** @type {number[]} */ order) => {
        const projected = np.matmul(x.ref, w.reshape([width, width])).add(b.reshape([width]));
        return np.transpose(projected.reshape([count, context, heads, width / heads]), order);
      };
      const scores = np
        .matmul(project(wq, bq, [0, 2, 1, 3]), project(wk, bk, [0, 2, 3, 1]))
        .mul(1 / Math.sqrt(width / heads))
        .add(future.ref);
      const attended = np
        .transpose(np.matmul(nn.softmax(scores), project(wv, bv, [0, 2, 1, 3])), [0, 2, 1, 3])
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
