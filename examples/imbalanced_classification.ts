// Rare cases: Keras's "Imbalanced classification: credit card fraud detection", with class weights.
import { layers, metrics, np, random, Sequential, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: transactions with 10 features; one in fifty is fraud, which shows in three of them.
const [samples, features] = [3000, 10];
const fraud = np.less(random.uniform([samples, 1]), 0.02).astype("float32");
const signs = np.concatenate([np.ones([1, 3]).multiply(1.6), np.zeros([1, features - 3])], { axis: 1 });
const x = random.normal([samples, features]).add(fraud.multiply(signs));
const [train, val] = [
  [0, 2400],
  [2400, samples],
] as const;

const frauds = np.sum(fraud.slice(...train)).item();
const classWeight = { 0: 1 / (2400 - frauds), 1: 1 / frauds };
console.log(`${frauds} frauds among 2400 training samples`);

/** Trains a network and says what it finds. */
async function detect(name: string, weights: Record<number, number> | null): Promise<number[]> {
  const model = new Sequential([
    new layers.Dense(32, { activation: "relu", inputShape: [features] }),
    new layers.Dense(32, { activation: "relu" }),
    new layers.Dropout(0.3),
    new layers.Dense(1, { activation: "sigmoid" }),
  ]);
  model.compile({
    optimizer: "adam",
    loss: "binary_crossentropy",
    metrics: [
      new metrics.TruePositives({ name: "tp" }),
      new metrics.FalsePositives({ name: "fp" }),
      new metrics.FalseNegatives({ name: "fn" }),
      new metrics.Recall({ name: "recall" }),
    ],
  });
  await model.fit(x.slice(...train), fraud.slice(...train), {
    batchSize: 128,
    epochs: 20,
    verbose: 0,
    classWeight: weights,
  });
  const [, found, wrong, missed, recall] = await model.evaluate(x.slice(...val), fraud.slice(...val), {
    verbose: 0,
  });
  console.log(
    `${name}: ${found} found, ${missed} missed, ${wrong} wrongly suspected, recall ${recall!.toFixed(2)}`,
  );
  return [recall!];
}
const [plain] = await detect("without class weights", null);
const [weighted] = await detect("with class weights", classWeight);
console.log(`Recall: ${plain!.toFixed(2)} without class weights, ${weighted!.toFixed(2)} with them`);
