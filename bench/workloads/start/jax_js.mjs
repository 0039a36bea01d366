// jax-js: import, and the first jitted training step.
import { startJax } from "../../lib/jax.mjs";
import { timed } from "../../lib/measure.mjs";
import { denseWeights } from "../../lib/random.mjs";

export const label = "jax-js wasm";
export const remark = "no layers and no fit: a hand-written training step";

/** @type {import("../../lib/contract.d.ts").Contestant["run"]} */
export async function run({ repeat }) {
  const started = await timed(startJax);
  const { jax, versions } = started.value;
  const { blockUntilReady, grad, jit, nn, numpy: np, tree } = jax;
  const x = np.linspace(-Math.PI, Math.PI, 8).reshape([8, 1]);
  const t = np.sin(x.ref);
  const firstStep = await timed(async () => {
    const [w1, b1, w2, b2] = denseWeights([1, 20, 1], repeat).map((w) => np.array(w.data).reshape(w.shape));
    const loss = (/** @type {any} */ p, /** @type {any} */ input, /** @type {any} */ target) => {
      const z = nn.sigmoid(np.matmul(input, p.w1).add(p.b1));
      return np.square(np.matmul(z, p.w2).add(p.b2).sub(target)).mean();
    };
    const step = jit((/** @type {any} */ weights, /** @type {any} */ input, /** @type {any} */ target) =>
      tree.map(
        (/** @type {any} */ w, /** @type {any} */ g) => w.sub(g.mul(0.01)),
        weights,
        grad(loss)(tree.ref(weights), input, target),
      ),
    );
    await blockUntilReady(step({ w1, b1, w2, b2 }, x, t));
  });
  const readyMs = performance.now();
  const { bundleSizes } = await import("./bundle.mjs");
  return {
    figures: {
      importMs: started.ms,
      firstStepMs: firstStep.ms,
      readyMs,
      ...(await bundleSizes("jax_js.mjs")),
    },
    versions,
  };
}
