// How the learning rate goes: a schedule in the optimizer, a schedule in a callback, and one that follows the loss.
import { callbacks, layers, np, optimizers, random, Sequential, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: a noisy wave.
const x = random.uniform([256, 1], { minval: -3, maxval: 3 });
const y = np.sin(x.multiply(2)).add(random.normal([256, 1], { stddev: 0.05 }));
const [epochs, steps] = [100, 8];

/** Trains a new network and says how. */
async function train(
  name: string,
  optimizer: optimizers.Optimizer,
  watchers: callbacks.Callback[] = [],
): Promise<number> {
  const model = new Sequential([
    new layers.Dense(32, { activation: "tanh", inputShape: [1], kernelInitializer: "he_normal" }),
    new layers.Dense(32, { activation: "tanh" }),
    new layers.Dense(1),
  ]);
  model.compile({ optimizer, loss: "mse" });
  const { history } = await model.fit(x, y, { epochs, batchSize: 32, verbose: 0, callbacks: watchers });
  const loss = history["loss"]!.at(-1)!;
  console.log(`${name}: loss ${loss.toFixed(4)}, learning rate at the end ${optimizer.learningRate.item()}`);
  return loss;
}

const { CosineDecay, ExponentialDecay, PiecewiseConstantDecay } = optimizers.schedules;
await train("constant", new optimizers.Adam({ learningRate: 0.01 }));
await train(
  "exponential decay",
  new optimizers.Adam({ learningRate: new ExponentialDecay(0.03, 10 * steps, 0.7) }),
);
await train(
  "steps",
  new optimizers.Adam({ learningRate: new PiecewiseConstantDecay([400, 600], [0.03, 0.01, 0.002]) }),
);
const warm = new CosineDecay(0.001, epochs * steps, { warmupTarget: 0.03, warmupSteps: 5 * steps });
const cosine = await train("warm-up and cosine", new optimizers.Adam({ learningRate: warm }));

const halving = new callbacks.LearningRateScheduler((epoch, rate) =>
  epoch > 0 && epoch % 20 === 0 ? rate / 2 : rate,
);
await train("halved by a callback", new optimizers.Adam({ learningRate: 0.03 }), [halving]);
const plateau = new callbacks.ReduceLROnPlateau({ monitor: "loss", factor: 0.3, patience: 3 });
await train("reduced on a plateau", new optimizers.Adam({ learningRate: 0.03 }), [plateau]);
console.log(`Loss with warm-up and cosine: ${cosine.toFixed(4)}`);
