// jax-js: a jitted product.
import { startJax } from "../../lib/jax.mjs";
import { measureProducts } from "./task.mjs";

export const label = "jax-js wasm";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run() {
  const { jax, versions } = await startJax();
  const { jit, numpy: np } = jax;
  const product = jit((/** @type {any} */ a, /** @type {any} */ b) => np.matmul(a, b));
  const figures = await measureProducts(async (a, b, n) => {
    const left = np.array(a).reshape([n, n]);
    const right = np.array(b).reshape([n, n]);
    /** @type {any} */
    let last;
    const multiply = async () => {
      last?.dispose();
      last = product(left.ref, right.ref);
      await last.blockUntilReady();
      return last;
    };
    return { multiply, read: (c) => c.ref.dataSync() };
  });
  return { figures, versions };
}
