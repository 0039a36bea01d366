// TensorFlow.js on its wasm backend: SIMD, one thread.
import { startTfjs } from "../../lib/tfjs.mjs";
import { measureProducts } from "./task.mjs";

export const label = "TensorFlow.js wasm";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run() {
  const { tf, versions } = await startTfjs("wasm");
  const figures = await measureProducts(async (a, b, n) => {
    const left = tf.tensor2d(a, [n, n]);
    const right = tf.tensor2d(b, [n, n]);
    /** @type {any} */
    let last;
    const multiply = () => {
      last?.dispose();
      last = tf.matMul(left, right);
      return last;
    };
    return { multiply, read: (product) => product.data() };
  });
  return { figures, versions };
}
