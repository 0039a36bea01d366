// Tsuno: the engine's compiled product.
import { tsunoVersion } from "../../lib/tsuno_version.mjs";
import { measureProducts } from "./task.mjs";

export const label = "Tsuno";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run() {
  const { jit, matmul, tensor } = await import("tsuno/engine");
  const product = jit(matmul);
  const figures = await measureProducts(async (a, b, n) => {
    const left = tensor(a, { shape: [n, n] });
    const right = tensor(b, { shape: [n, n] });
    /** @type {import("tsuno/engine").Tensor | undefined} */
    let last;
    const multiply = () => {
      last?.dispose();
      last = product(left, right);
      return last;
    };
    return { multiply, read: (c) => c.data() };
  });
  return { figures, versions: await tsunoVersion() };
}
