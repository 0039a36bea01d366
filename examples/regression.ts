// Fuel efficiency: a small regression with normalized features, Keras's "Basic regression".
import { layers, np, random, Sequential, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: cars with a weight (kg), a power (hp) and an age (years), and how far they go with a litre (km).
const cars = 400;
const weight = random.uniform([cars], { minval: 800, maxval: 2400 });
const power = random.uniform([cars], { minval: 40, maxval: 220 });
const age = random.randint([cars], 0, 20).astype("float32");
const features = np.stack([weight, power, age], { axis: 1 });
const noise = random.normal([cars], { stddev: 0.3 });
const efficiency = np
  .divide(24000, weight.add(power.multiply(6)).add(200))
  .subtract(age.multiply(0.12))
  .add(noise);
const [trainX, testX] = [features.slice(0, 320), features.slice(320, cars)];
const [trainY, testY] = [efficiency.slice(0, 320), efficiency.slice(320, cars)];

// The features have very different scales: a layer learns their means and variances.
const normalizer = new layers.Normalization({ axis: -1 });
normalizer.adapt(trainX);

const model = new Sequential([
  normalizer,
  new layers.Dense(64, { activation: "relu" }),
  new layers.Dense(64, { activation: "relu" }),
  new layers.Dense(1),
]);
model.compile({ loss: "mean_squared_error", optimizer: "adam", metrics: ["mean_absolute_error"] });
const history = await model.fit(trainX, trainY, { epochs: 100, validationSplit: 0.2, verbose: 0 });
for (const epoch of [0, 9, 99]) {
  const { loss, val_loss } = history.history;
  console.log(
    `epoch ${epoch + 1}: loss ${loss![epoch]!.toFixed(3)}, val_loss ${val_loss![epoch]!.toFixed(3)}`,
  );
}

const [, error] = await model.evaluate(testX, testY, { verbose: 0 });
const predictions = await model.predict(testX.slice(0, 3), { verbose: 0 });
console.log("predicted", predictions.reshape(-1).toString(), "true", testY.slice(0, 3).toString());
console.log(`mean absolute error: ${error!.toFixed(3)} km per litre`);
