// A bidirectional LSTM tells good reviews from bad ones: Keras's "Bidirectional LSTM on IMDB", with reviews made up here.
import { Input, layers, Model, np, optimizers, random, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: sentences of numbered words. A "not" turns the word of praise or blame behind it around.
const vocabulary = [
  "",
  "the",
  "film",
  "was",
  "actors",
  "plot",
  "and",
  "not",
  "good",
  "great",
  "bad",
  "boring",
];
const [not, good, great, bad] = [7, 8, 9, 10];
const maxLength = 12;
const samples = 1000;
const words = random.randint([samples, maxLength], 1, 7).arraySync() as number[][];
const places = random.randint([samples], 1, maxLength - 1).arraySync() as number[];
const verdicts = random.randint([samples], good, bad + 2).arraySync() as number[];
const turned = random.randint([samples], 0, 4).arraySync() as number[];
const labels = words.map((sentence, n) => {
  sentence[places[n]!] = verdicts[n]!;
  if (turned[n] === 0) sentence[places[n]! - 1] = not;
  return Number(verdicts[n]! <= great !== (turned[n] === 0));
});
const [x, y] = [np.array(words, { dtype: "int32" }), np.array(labels)];
console.log(words[0]!.map((word) => vocabulary[word]).join(" "), "→", labels[0]);

// Words become vectors, which are read from both ends, twice.
const inputs = Input([null], { dtype: "int32" });
let h = new layers.Embedding(vocabulary.length, 16)(inputs);
h = new layers.Bidirectional(new layers.LSTM(16, { returnSequences: true }))(h);
h = new layers.Bidirectional(new layers.LSTM(16))(h);
const outputs = new layers.Dense(1, { activation: "sigmoid" })(h);
const model = new Model({ inputs, outputs });
model.summary();

model.compile({
  optimizer: new optimizers.Adam({ learningRate: 0.01 }),
  loss: "binary_crossentropy",
  metrics: ["accuracy"],
});
await model.fit(x, y, { batchSize: 32, epochs: 6, validationSplit: 0.2, verbose: 2 });
const [, accuracy] = await model.evaluate(x.slice(800, samples), y.slice(800, samples), { verbose: 0 });
console.log(`Validation accuracy: ${accuracy!.toFixed(3)}`);
