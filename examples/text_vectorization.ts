// From raw text to a classifier: Keras's "Text classification from scratch", a TextVectorization layer before a model.
import { Input, layers, Model, np, optimizers, random, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: headlines made of a beginning, a verb and an end of one of three subjects.
const subjects = {
  sport: [
    ["The team", "Our striker", "The coach"],
    ["wins", "loses", "trains for"],
    ["the final!", "the match.", "the cup"],
  ],
  weather: [
    ["A storm", "Heavy rain", "The sun"],
    ["reaches", "leaves", "floods"],
    ["the coast.", "the valley", "the north!"],
  ],
  money: [
    ["The bank", "A fund", "The market"],
    ["raises", "cuts", "expects"],
    ["its rates.", "the price of gold", "profits!"],
  ],
};
const names = Object.keys(subjects);
const draws = random.randint([600, 4], 0, 3).arraySync() as number[][];
const texts = draws.map(([subject, a, b, c]) => {
  const parts = Object.values(subjects)[subject!]!;
  // The verb is anyone's.
  const verb = Object.values(subjects)[b!]![1]![c!]!;
  return `${parts[0]![a!]!} ${verb} ${parts[2]![c!]!}`;
});
const labels = np.array(draws.map(([subject]) => subject!));
console.log(`"${texts[0]}" is about ${names[draws[0]![0]!]}`);

const vectorize = new layers.TextVectorization({ maxTokens: 60, outputMode: "int", outputSequenceLength: 8 });
vectorize.adapt(texts);
console.log(
  `${vectorize.vocabularySize()} words, among them ${vectorize.getVocabulary().slice(0, 6).join(", ")}`,
);

const inputs = Input([null], { dtype: "int32" });
let x = new layers.Embedding(60, 16)(inputs);
x = new layers.Dropout(0.3)(x);
x = new layers.Conv1D(16, 3, { padding: "same", activation: "relu" })(x);
x = new layers.GlobalMaxPooling1D()(x);
const model = new Model({ inputs, outputs: new layers.Dense(3, { activation: "softmax" })(x) });
model.compile({
  loss: "sparse_categorical_crossentropy",
  optimizer: new optimizers.Adam({ learningRate: 0.01 }),
  metrics: ["accuracy"],
});
const tokens = vectorize(texts);
await model.fit(tokens.slice(0, 480), labels.slice(0, 480), { epochs: 5, verbose: 2 });
const [, accuracy] = await model.evaluate(tokens.slice(480, 600), labels.slice(480, 600), { verbose: 0 });

const question = "Our striker trains for the final, and the team wins!";
const [about] = np
  .argmax(await model.predict(vectorize([question]), { verbose: 0 }), { axis: 1 })
  .arraySync() as number[];
console.log(`"${question}" is about ${names[about!]}`);
console.log(`Test accuracy: ${accuracy!.toFixed(3)}`);
