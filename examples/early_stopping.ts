// When to stop: a validation set, early stopping that brings the best weights back, and a callback of one's own.
import { callbacks, layers, np, random, Sequential, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: few noisy samples of a simple rule, which a large network learns by heart.
const [samples, features] = [240, 20];
const x = random.normal([samples, features]);
const rule = np.sum(x.at([], [0, 4]), { axis: 1 });
const y = np.greater(rule.add(random.normal([samples], { stddev: 1 })), 0).astype("float32");

const model = new Sequential([
  new layers.Dense(128, { activation: "relu", inputShape: [features] }),
  new layers.Dense(128, { activation: "relu" }),
  new layers.Dense(1, { activation: "sigmoid" }),
]);
model.compile({ optimizer: "adam", loss: "binary_crossentropy", metrics: ["accuracy"] });

/** Says whenever the validation loss is better than ever. */
class Announcer extends callbacks.Callback {
  best = Number.POSITIVE_INFINITY;

  override onEpochEnd(epoch: number, logs: callbacks.Logs = {}): void {
    if (logs["val_loss"]! >= this.best) return;
    this.best = logs["val_loss"]!;
    console.log(`epoch ${epoch + 1}: validation loss ${this.best.toFixed(4)}`);
  }
}
const announcer = new Announcer();
const stopping = new callbacks.EarlyStopping({ monitor: "val_loss", patience: 5, restoreBestWeights: true });
const history = await model.fit(x, y, {
  epochs: 100,
  batchSize: 16,
  validationSplit: 0.33,
  verbose: 0,
  callbacks: [stopping, announcer],
});
const { loss, val_loss } = history.history;
console.log(
  `training loss ${loss!.at(-1)!.toFixed(4)}, validation loss ${val_loss!.at(-1)!.toFixed(4)} in the last epoch`,
);
console.log(`stopped after ${history.epoch.length} of 100 epochs`);

const [validation] = await model.evaluate(x.slice(160, samples), y.slice(160, samples), { verbose: 0 });
console.log(
  `validation loss of the weights that were kept: ${validation!.toFixed(4)}, best seen: ${announcer.best.toFixed(4)}`,
);
