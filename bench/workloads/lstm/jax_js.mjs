// jax-js: it has no loop that compiles, so the 80 steps are written out. Its jit cannot
// differentiate a lookup ("scatter input is not imm"): words are one-hot rows times the table.
import { startJax } from "../../lib/jax.mjs";
import { trainJax } from "../../lib/train_jax.mjs";
import * as task from "./task.mjs";

const batches = 4;

export const label = "jax-js wasm";
export const remark = `samples/s over ${batches} batches; one-hot words; the steps unrolled; one repeat`;
export const once = true;

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const { jax, versions } = await startJax();
  const { nn, numpy: np } = jax;
  const { units, steps } = task;
  const loss = (
    /** @type {any[]} */ [table, kernel, recurrent, bias, w, b],
    /** @type {any} */ x,
    /** @type {any} */ t,
  ) => {
    const count = x.shape[0];
    const words = np.matmul(nn.oneHot(x.reshape([count * steps]), task.vocabulary), table);
    const inputs = np
      .matmul(words, kernel)
      .add(bias)
      .reshape([count, steps, 4 * units]);
    let h = np.zeros([count, units]);
    let c = np.zeros([count, units]);
    for (let step = 0; step < steps; step++) {
      const z = inputs.ref.slice([], step, []).add(np.matmul(h, recurrent.ref));
      const gate = (/** @type {number} */ i) => z.ref.slice([], [i * units, (i + 1) * units]);
      c = nn
        .sigmoid(gate(1))
        .mul(c)
        .add(nn.sigmoid(gate(0)).mul(np.tanh(gate(2))));
      h = nn.sigmoid(gate(3)).mul(np.tanh(c.ref));
      z.dispose();
    }
    for (const array of [inputs, recurrent, c]) array.dispose();
    const y = np.matmul(h, w).add(b);
    // Binary crossentropy of logits.
    return np
      .log1p(np.exp(np.abs(y.ref).mul(-1)))
      .add(nn.relu(y.ref))
      .sub(y.mul(t))
      .mean();
  };
  return { figures: await trainJax(jax, task, { repeat, batches, loss }), versions };
}
