// Not one value but an interval: three quantiles at once, with the pinball loss.
import { layers, np, ops, optimizers, random, Sequential, type Tensor, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: a wave whose noise grows to the right.
const samples = 1200;
const x = random.uniform([samples, 1], { minval: 0, maxval: 4 });
const spread = x.multiply(0.1).add(0.05);
const y = np.sin(x.multiply(2)).add(random.normal([samples, 1]).multiply(spread));

const quantiles = np.array([0.05, 0.5, 0.95]);

/** What is missed above counts q, what is missed below 1 - q. */
function pinball(yTrue: Tensor, yPred: Tensor): Tensor {
  const error = ops.subtract(yTrue, yPred);
  return ops.mean(ops.maximum(error.multiply(quantiles), error.multiply(quantiles.subtract(1))), {
    axis: -1,
  });
}

const model = new Sequential([
  new layers.Dense(32, { activation: "relu", inputShape: [1] }),
  new layers.Dense(32, { activation: "relu" }),
  new layers.Dense(3),
]);
model.compile({ loss: pinball, optimizer: new optimizers.Adam({ learningRate: 0.01 }) });
await model.fit(x.slice(0, 1000), y.slice(0, 1000), { batchSize: 50, epochs: 80, verbose: 0 });

const predicted = await model.predict(x.slice(1000, samples), { verbose: 0 });
const [low, , high] = np.split(predicted, 3, { axis: 1 }) as [Tensor, Tensor, Tensor];
const truth = y.slice(1000, samples);
const inside = np.mean(np.logicalAnd(np.greater(truth, low), np.less(truth, high))).item();
for (const at of [0.5, 2, 3.5]) {
  const [a, b, c] = (await model.predict([[at]], { verbose: 0 })).reshape(-1).arraySync() as number[];
  console.log(`x = ${at}: ${b!.toFixed(2)}, between ${a!.toFixed(2)} and ${c!.toFixed(2)}`);
}
console.log(`inside of the 90 % interval: ${(100 * inside).toFixed(1)} %`);
