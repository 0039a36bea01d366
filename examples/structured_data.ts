// Numbers, categories and strings in one table: Keras's "Structured data classification from scratch".
import {
  Input,
  type KerasTensor,
  layers,
  Model,
  np,
  ops,
  optimizers,
  random,
  type Tensor,
  utils,
} from "tsuno";

utils.setRandomSeed(1);

// Data: patients with an age, a kind of chest pain, a result of a test as a string, and whether they have a heart disease.
const samples = 1200;
const age = random.uniform([samples, 1], { minval: 25, maxval: 80 });
const pain = random.randint([samples, 1], 0, 4);
const thalNames = ["normal", "fixed", "reversible"];
const thalIndex = random.randint([samples, 1], 0, 3);
const thal = (thalIndex.arraySync() as number[][]).map(([n]) => [thalNames[n!]!]);
const risk = age
  .subtract(52)
  .divide(8)
  .add(np.equal(pain, 3).astype("float32").multiply(2))
  .add(np.equal(thalIndex, 2).astype("float32").multiply(2))
  .subtract(1.2);
const y = np.less(random.uniform([samples, 1]), ops.sigmoid(risk.multiply(2))).astype("float32");

// What each column becomes.
const normalization = new layers.Normalization();
normalization.adapt(age);
const painEncoding = new layers.CategoryEncoding({ numTokens: 4, outputMode: "one_hot" });
const thalLookup = new layers.StringLookup({ outputMode: "one_hot" });
thalLookup.adapt(thal);
console.log("vocabulary:", thalLookup.getVocabulary());

// Strings become numbers before the model: they are no tensors.
const features = (from: number, to: number): { age: Tensor; pain: Tensor; thal: Tensor } => ({
  age: age.slice(from, to),
  pain: pain.slice(from, to),
  thal: thalLookup(thal.slice(from, to)),
});
const inputs = {
  age: Input([1], { name: "age" }),
  pain: Input([1], { name: "pain", dtype: "int32" }),
  thal: Input([thalLookup.vocabularySize()], { name: "thal" }),
};
const all: KerasTensor = layers.concatenate([
  normalization(inputs.age),
  painEncoding(inputs.pain),
  inputs.thal,
]);
let x: KerasTensor = new layers.Dense(32, { activation: "relu" })(all);
x = new layers.Dropout(0.3)(x);
const model = new Model({ inputs, outputs: new layers.Dense(1, { activation: "sigmoid" })(x) });
model.compile({
  optimizer: new optimizers.Adam({ learningRate: 0.01 }),
  loss: "binary_crossentropy",
  metrics: ["accuracy"],
});
await model.fit(features(0, 1000), y.slice(0, 1000), {
  epochs: 15,
  verbose: 0,
  validationData: [features(1000, samples), y.slice(1000, samples)],
});
const [, accuracy] = await model.evaluate(features(1000, samples), y.slice(1000, samples), { verbose: 0 });

// A new patient.
const patient = { age: [[63]], pain: [[3]], thal: thalLookup([["reversible"]]) };
const probability = (await model.predict(patient, { verbose: 0 })).item();
console.log(`this patient has a heart disease with probability ${(100 * probability).toFixed(1)} %`);
console.log(`Validation accuracy: ${accuracy!.toFixed(3)}`);
