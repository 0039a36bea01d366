// Where is the series out of order? Keras's "Timeseries anomaly detection using an Autoencoder".
import { Input, layers, np, optimizers, random, Sequential, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: a daily pattern, and the same with a jump in it.
const [perDay, days, window] = [48, 12, 24];
const time = np.arange(perDay * days).astype("float32");
const pattern = np
  .sin(time.multiply((2 * np.pi) / perDay))
  .add(np.sin(time.multiply((6 * np.pi) / perDay)).multiply(0.4));
const normal = pattern.add(random.normal(time.shape, { stddev: 0.05 }));
const [from, to] = [300, 312];
const jump = np.logicalAnd(np.greaterEqual(time, from), np.less(time, to)).astype("float32").multiply(1.5);
const anomalous = pattern.add(random.normal(time.shape, { stddev: 0.05 })).add(jump);

const [mean, std] = [np.mean(normal), np.std(normal)];
const count = time.size - window + 1;
const places = np.arange(count).reshape(-1, 1).add(np.arange(window));
const windows = (series: typeof normal): typeof normal =>
  np.expandDims(np.take(series.subtract(mean).divide(std), places), -1);
const xTrain = windows(normal);

const model = new Sequential([
  Input([window, 1]),
  new layers.Conv1D(16, 7, { padding: "same", strides: 2, activation: "relu" }),
  new layers.Conv1D(8, 7, { padding: "same", strides: 2, activation: "relu" }),
  new layers.Conv1DTranspose(8, 7, { padding: "same", strides: 2, activation: "relu" }),
  new layers.Conv1DTranspose(16, 7, { padding: "same", strides: 2, activation: "relu" }),
  new layers.Conv1DTranspose(1, 7, { padding: "same" }),
]);
model.compile({ optimizer: new optimizers.Adam({ learningRate: 0.003 }), loss: "mse" });
model.summary();
await model.fit(xTrain, xTrain, { epochs: 10, batchSize: 32, validationSplit: 0.1, verbose: 0 });

/** How badly each window is reconstructed. */
const errors = async (x: typeof normal): Promise<typeof normal> =>
  np.mean(np.abs((await model.predict(x, { verbose: 0 })).subtract(x)), { axis: [1, 2] });
const threshold = np.max(await errors(xTrain)).item();
console.log(`Reconstruction error threshold: ${threshold.toFixed(3)}`);

// A value is out of order if all windows with it are.
const strange = np.greater(await errors(windows(anomalous)), threshold).dataSync();
const found: number[] = [];
for (let t = window - 1; t < count; t++) {
  if (Array.from(strange.subarray(t - window + 1, t + 1)).every(Boolean)) found.push(t);
}
console.log(`The jump is from ${from} to ${to - 1}.`);
console.log(`Anomalies from ${found[0]} to ${found.at(-1)}: ${found.length} values`);
