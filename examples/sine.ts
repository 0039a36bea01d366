// A neural network learns sin(x): the tutorial, line by line. `--no-pictures` leaves the figures out.
import { np, plt } from "tsuno";
import { LambdaCallback } from "tsuno/callbacks";
import { Dense } from "tsuno/layers";
import { Sequential } from "tsuno/models";

const pictures = !process.argv.includes("--no-pictures");

// The data: 50 points from -π to π as one column, and their sines.
const x = np.linspace(-np.pi, np.pi).reshape(-1, 1);
const t = np.sin(x);
console.log(`${x.slice(0, 3).toString()} … ${x.shape[0]} rows\n`);

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
console.log("\nTrain on 45 samples, validate on 5 samples");
const epochs = 2000;
const progress = new LambdaCallback({
  onEpochEnd(epoch, logs = {}) {
    if ((epoch + 1) % 200 !== 0) return;
    console.log(
      `Epoch ${epoch + 1}/${epochs} - loss: ${logs.loss?.toFixed(4)} - val_loss: ${logs.val_loss?.toFixed(4)}`,
    );
  },
});
const start = performance.now();
const history = await model.fit(x, t, {
  batchSize: batch_size,
  epochs,
  validationSplit: 0.1,
  verbose: 0,
  callbacks: [progress],
});
console.log(`${epochs} epochs took ${(performance.now() - start).toFixed(0)} ms`);

if (pictures) {
  const { loss = [], val_loss = [] } = history.history;
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
