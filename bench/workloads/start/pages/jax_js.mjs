// The nearest with jax-js, which has no layers: the model, its loss and its training step.
import { grad, init, jit, nn, numpy as np, tree } from "@jax-js/jax";

await init("wasm");
const loss = ({ w1, b1, w2, b2 }, x, t) => {
  const z = nn.sigmoid(np.matmul(x, w1).add(b1));
  return np.square(np.matmul(z, w2).add(b2).sub(t)).mean();
};
const step = jit((weights, x, t) =>
  tree.map((w, g) => w.sub(g.mul(0.01)), weights, grad(loss)(tree.ref(weights), x, t)),
);
const x = np.linspace(-Math.PI, Math.PI, 50).reshape([50, 1]);
const weights = { w1: np.ones([1, 20]), b1: np.zeros([20]), w2: np.ones([20, 1]), b2: np.zeros([1]) };
console.log(step(weights, x.ref, np.sin(x)).w1.js());
