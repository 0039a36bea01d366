// A neural network learns sin(x): the tutorial, line by line. `--no-pictures` leaves the figures out.
import { np, plt } from "tsuno";
import { Dense } from "tsuno/layers";
import { Sequential } from "tsuno/models";

const pictures = !process.argv.includes("--no-pictures");

// The data: 50 points from -π to π as one column, and their sines.
const x = np.linspace(-np.pi, np.pi).reshape(-1, 1);
const t = np.sin(x);
console.log(`x = ${x.slice(0, 3)} … ${x.shape[0]} rows\n`);

if (pictures) {
  plt.plot(x, t);
  plt.title("sin(x)");
  await save("sine_data.png");
}

// The network: 1 input, 20 neurons in the middle, 1 output.
const n_in = 1;
const n_mid = 20;
const n_out = 1;
const batch_size = 8;

const model = new Sequential();
model.add(new Dense(n_mid, { inputShape: [n_in], activation: "sigmoid" }));
model.add(new Dense(n_out, { activation: "linear" }));
model.compile({ loss: "mean_squared_error", optimizer: "sgd" });
model.summary();

// Training: 2,000 times through the data, the last tenth of which is kept to validate with.
const start = performance.now();
const history = await model.fit(x, t, { batchSize: batch_size, epochs: 2000, validationSplit: 0.1, verbose: 0 });
const ms = performance.now() - start;

const { loss = [], val_loss = [] } = history.history;
console.log(`\nTrained on 45 samples, validated on 5, for ${loss.length} epochs in ${ms.toFixed(0)} ms.`);
console.log(`Epoch 2000/2000 - loss: ${loss.at(-1)?.toFixed(4)} - val_loss: ${val_loss.at(-1)?.toFixed(4)}`);

if (pictures) {
  plt.plot(np.arange(loss.length), loss, { label: "loss" });
  plt.plot(np.arange(loss.length), val_loss, { label: "val_loss" });
  plt.xlabel("epoch");
  plt.ylabel("mean squared error");
  plt.legend();
  await save("sine_loss.png");
}

// Prediction against truth.
const prediction = await model.predict(x, { verbose: 0 });
if (pictures) {
  plt.plot(x, prediction, { label: "prediction" });
  plt.plot(x, t, { label: "sin(x)" });
  plt.legend();
  await save("sine_prediction.png");
}

/** Saves the current figure and starts the next one. */
async function save(file: string): Promise<void> {
  await plt.savefig(file);
  plt.close();
  console.log(`saved ${file}`);
}
