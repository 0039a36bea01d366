// Several answers to one question: Keras's "Approximating non-function mappings with Mixture Density Networks".
import { layers, np, ops, optimizers, random, Sequential, type Tensor, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: x as a function of y turned around, so that some x have three y.
const samples = 1000;
const y = random.uniform([samples, 1], { minval: -1, maxval: 1 });
const x = y.add(np.sin(y.multiply(4)).multiply(0.6)).add(random.normal([samples, 1], { stddev: 0.03 }));

// A plain network gives the mean of the answers, which is none of them.
const plain = new Sequential([
  new layers.Dense(32, { activation: "tanh", inputShape: [1] }),
  new layers.Dense(1),
]);
plain.compile({ loss: "mse", optimizer: new optimizers.Adam({ learningRate: 0.01 }) });
await plain.fit(x, y, { epochs: 50, batchSize: 64, verbose: 0 });

// A mixture of normal distributions: means, deviations and weights for each x.
const mixtures = 4;
const [halfLog2Pi, minimum] = [0.5 * Math.log(2 * Math.PI), 0.01];

/** The parts of what the network gives. */
function parts(out: Tensor): { mean: Tensor; deviation: Tensor; logWeight: Tensor } {
  const [mean, raw, logits] = ops.split(out, 3, { axis: -1 }) as [Tensor, Tensor, Tensor];
  return { mean, deviation: ops.softplus(raw).add(minimum), logWeight: ops.logSoftmax(logits, { axis: -1 }) };
}

/** How improbable the answers are. */
function negativeLogLikelihood(yTrue: Tensor, out: Tensor): Tensor {
  const { mean, deviation, logWeight } = parts(out);
  const z = ops.divide(ops.subtract(yTrue, mean), deviation);
  const logDensity = ops.negative(ops.square(z).multiply(0.5).add(ops.log(deviation)).add(halfLog2Pi));
  return ops.negative(ops.logsumexp(logWeight.add(logDensity), { axis: -1 }));
}

const network = new Sequential([
  new layers.Dense(32, { activation: "tanh", inputShape: [1] }),
  new layers.Dense(32, { activation: "tanh" }),
  new layers.Dense(3 * mixtures),
]);
network.compile({ loss: negativeLogLikelihood, optimizer: new optimizers.Adam({ learningRate: 0.01 }) });
const { history } = await network.fit(x, y, { epochs: 80, batchSize: 64, verbose: 0 });
console.log(
  `negative log-likelihood: from ${history["loss"]![0]!.toFixed(2)} to ${history["loss"]!.at(-1)!.toFixed(2)}`,
);

/** Draws an answer for each x, and says how far from the curve they are. */
const off = (x: Tensor, y: Tensor): number =>
  np.mean(np.abs(y.add(np.sin(y.multiply(4)).multiply(0.6)).subtract(x))).item();
const { mean, deviation, logWeight } = parts(await network.predict(x, { verbose: 0 }));
const chosen = ops.oneHot(random.categorical(logWeight, 1).reshape(-1), mixtures);
const pick = (t: Tensor): Tensor => np.sum(t.multiply(chosen), { axis: 1, keepdims: true });
const drawn = pick(mean).add(pick(deviation).multiply(random.normal([samples, 1])));
console.log(
  `mean distance from the curve: ${off(x, await plain.predict(x, { verbose: 0 })).toFixed(3)} plain`,
);
console.log(`mean distance from the curve: ${off(x, drawn).toFixed(3)} with a mixture`);
