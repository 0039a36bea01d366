// What does attention look at? A model that finds the marked number in a list, and a picture of its attention scores.
import { Input, layers, Model, np, ops, optimizers, plt, random, utils } from "tsuno";

utils.setRandomSeed(1);

// Data: lists of steps with a value and a mark; the answer is the value at the mark.
const [samples, steps] = [1024, 8];
const values = random.uniform([samples, steps], { minval: -1, maxval: 1 });
const place = random.randint([samples], 0, steps);
const marks = ops.oneHot(place, steps);
const x = np.stack([values, marks], { axis: -1 });
const y = np.sum(values.multiply(marks), { axis: 1, keepdims: true });

// The last query asks, all steps answer.
const inputs = Input([steps, 2]);
const keys = new layers.Dense(16, { activation: "tanh" })(inputs);
const question = new layers.GlobalAveragePooling1D({ keepdims: true })(keys);
const [answer, scores] = new layers.MultiHeadAttention(1, 16)(question, keys, {
  returnAttentionScores: true,
});
const outputs = new layers.Dense(1)(new layers.Flatten()(answer));
const model = new Model({ inputs, outputs });
model.compile({ loss: "mse", optimizer: new optimizers.Adam({ learningRate: 0.01 }) });
await model.fit(x, y, { batchSize: 32, epochs: 20, verbose: 2 });

// The same layers with another output.
const looking = new Model({ inputs, outputs: scores });
const attention = (await looking.predict(x, { verbose: 0 })).reshape(samples, steps);
const hit = np.mean(np.equal(np.argmax(attention, { axis: 1 }), place)).item();
console.log(`attention is at the mark in ${(100 * hit).toFixed(1)} % of the lists`);

if (!process.argv.includes("--no-pictures")) {
  const order = np.argsort(place.slice(0, 32));
  plt.imshow(np.take(attention.slice(0, 32), order, { axis: 0 }), { cmap: "viridis", aspect: "auto" });
  plt.title("attention by step, lists ordered by their mark");
  plt.xlabel("step");
  plt.ylabel("list");
  await plt.savefig("attention_map.png");
  console.log("saved attention_map.png");
}
