// Sequence to sequence: a GRU reads "12+7" and another writes "19", Keras's "Sequence to sequence learning for number addition".
import { Input, layers, np, optimizers, Sequential, utils } from "tsuno";

utils.setRandomSeed(1);

const digits = 2;
const questionLength = 2 * digits + 1;
const answerLength = digits + 1;
const characters = "0123456789+ ";

/** One-hot encodings of strings. */
const encode = (strings: readonly string[]): ReturnType<typeof utils.toCategorical> =>
  utils.toCategorical(
    np.array(strings.map((s) => [...s].map((c) => characters.indexOf(c)))),
    characters.length,
  );

/** The characters that are the most probable. */
const decode = (probabilities: ReturnType<typeof encode>): string[] =>
  (np.argmax(probabilities, { axis: -1 }).arraySync() as number[][]).map((row) =>
    row.map((index) => characters[index]).join(""),
  );

// Data: every sum of two numbers below 32, the questions turned around, which helps.
const pairs = Array.from({ length: 1024 }, (_, n) => [Math.floor(n / 32), n % 32] as const);
const questions = pairs.map(([a, b]) => [...`${a}+${b}`.padEnd(questionLength)].reverse().join(""));
const answers = pairs.map(([a, b]) => `${a + b}`.padEnd(answerLength));
const order = np.argsort(np.sin(np.arange(1024).multiply(12.9898))).arraySync() as number[];
const pick = (list: readonly string[], from: number, to: number): string[] =>
  order.slice(from, to).map((n) => list[n]!);
const [xTrain, yTrain] = [encode(pick(questions, 0, 920)), encode(pick(answers, 0, 920))];
const [xVal, yVal] = [encode(pick(questions, 920, 1024)), encode(pick(answers, 920, 1024))];

const model = new Sequential([
  Input([questionLength, characters.length]),
  // The encoder gives one vector, which the decoder sees at each step.
  new layers.GRU(64),
  new layers.RepeatVector(answerLength),
  new layers.GRU(64, { returnSequences: true }),
  new layers.Dense(characters.length, { activation: "softmax" }),
]);
model.compile({
  loss: "categorical_crossentropy",
  optimizer: new optimizers.Adam({ learningRate: 0.01 }),
  metrics: ["accuracy"],
});
model.summary();
await model.fit(xTrain, yTrain, { batchSize: 32, epochs: 20, validationData: [xVal, yVal], verbose: 0 });

const guesses = decode(await model.predict(xVal.slice(0, 5), { verbose: 0 }));
pick(questions, 920, 925).forEach((question, n) => {
  console.log(
    `Q ${[...question].reverse().join("").trim()}  T ${pick(answers, 920, 925)[n]} P ${guesses[n]}`,
  );
});
const [, accuracy] = await model.evaluate(xVal, yVal, { verbose: 0 });
console.log(`Validation accuracy: ${accuracy!.toFixed(3)}`);
