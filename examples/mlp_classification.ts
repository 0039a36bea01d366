// A multi-layer perceptron tells three spiral arms of points apart.
import { layers, np, random, Sequential, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: points along three arms, each a third of a turn from the next, with some noise.
const perClass = 200;
const classes = 3;
const radius = np.tile(np.linspace(0.05, 1, perClass), [classes]);
const label = np.repeat(np.arange(classes), perClass);
const noise = random.normal([classes * perClass], { stddev: 0.15 });
const angle = radius
  .multiply(5)
  .add(label.multiply((2 * np.pi) / classes))
  .add(noise);
const x = np.stack([radius.multiply(np.sin(angle)), radius.multiply(np.cos(angle))], { axis: 1 });
const y = utils.toCategorical(label, classes);

// Model.
const model = new Sequential([
  new layers.Dense(64, { activation: "relu", inputShape: [2] }),
  new layers.Dropout(0.1),
  new layers.Dense(64, { activation: "relu" }),
  new layers.Dense(classes, { activation: "softmax" }),
]);
model.summary();

// Training.
model.compile({ loss: "categorical_crossentropy", optimizer: "adam", metrics: ["accuracy"] });
await model.fit(x, y, { batchSize: 32, epochs: 60, verbose: 0 });

const [loss, accuracy] = await model.evaluate(x, y, { verbose: 0 });
console.log(`loss: ${loss!.toFixed(3)} - accuracy: ${accuracy!.toFixed(3)}`);
