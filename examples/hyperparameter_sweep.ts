// Which network is the best? A random search through sizes, rates and activations, judged by a validation set.
import { callbacks, layers, np, optimizers, random, Sequential, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: two interleaved half moons.
const samples = 400;
const label = np.mod(np.arange(samples), 2).astype("float32");
const angle = random.uniform([samples], { maxval: np.pi });
const sign = np.subtract(1, label.multiply(2));
const moons = np.stack(
  [np.cos(angle).multiply(sign).add(label), np.sin(angle).multiply(sign).add(label.multiply(0.5))],
  { axis: 1 },
);
const x = moons.add(random.normal([samples, 2], { stddev: 0.12 }));
const [train, val] = [
  [0, 300],
  [300, samples],
] as const;

interface Choice {
  readonly units: number;
  readonly depth: number;
  readonly activation: "relu" | "tanh";
  readonly learningRate: number;
}

const build = ({ units, depth, activation, learningRate }: Choice): Sequential => {
  const model = new Sequential([layers.Input([2])]);
  for (let i = 0; i < depth; i++) model.add(new layers.Dense(units, { activation }));
  model.add(new layers.Dense(1, { activation: "sigmoid" }));
  model.compile({
    optimizer: new optimizers.Adam({ learningRate }),
    loss: "binary_crossentropy",
    metrics: ["accuracy"],
  });
  return model;
};

const draws = random.uniform([6, 4]).arraySync() as number[][];
const of = <T>(options: readonly T[], draw: number): T => options[Math.floor(draw * options.length)]!;
let best: { choice: Choice; accuracy: number } | undefined;
for (const [a, b, c, d] of draws) {
  const choice: Choice = {
    units: of([2, 8, 32], a!),
    depth: of([1, 2], b!),
    activation: of(["relu", "tanh"] as const, c!),
    learningRate: 10 ** (-3 + 2 * d!),
  };
  const model = build(choice);
  const stopping = new callbacks.EarlyStopping({
    monitor: "val_loss",
    patience: 10,
    restoreBestWeights: true,
  });
  await model.fit(x.slice(...train), label.slice(...train), {
    epochs: 60,
    validationData: [x.slice(...val), label.slice(...val)],
    callbacks: [stopping],
    verbose: 0,
  });
  const [, accuracy] = await model.evaluate(x.slice(...val), label.slice(...val), { verbose: 0 });
  console.log(
    `${choice.depth} x ${choice.units} ${choice.activation}, rate ${choice.learningRate.toFixed(4)}: ${accuracy!.toFixed(3)}`,
  );
  if (best === undefined || accuracy! > best.accuracy) best = { choice, accuracy: accuracy! };
  utils.clearSession();
}
console.log(
  `best validation accuracy: ${best!.accuracy.toFixed(3)} with ${best!.choice.depth} x ${best!.choice.units} ${best!.choice.activation}`,
);
