// Tsuno: the engine's compiled product.
import { tsunoVersion } from "../../lib/tsuno_version.mjs";
import { measureProducts } from "./task.mjs";

export const label = "Tsuno";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ threads }) {
  const { jit, matmul, tensor } = await import("tsuno/engine");
  const product = jit(matmul);
  const prepare = async (
    /** @type {Float32Array} */ a,
    /** @type {Float32Array} */ b,
    /** @type {number} */ n,
  ) => {
    const left = tensor(a, { shape: [n, n] });
    const right = tensor(b, { shape: [n, n] });
    /** @type {import("tsuno/engine").Tensor | undefined} */
    let last;
    const multiply = () => {
      last?.dispose();
      last = product(left, right);
      return last;
    };
    return { multiply, read: (/** @type {import("tsuno/engine").Tensor} */ c) => c.data() };
  };
  const figures = await measureProducts(prepare, { shares: threads === 1 });
  return { figures, versions: await tsunoVersion() };
}
