// Transfer learning: a network that knows the digits 0 to 4 learns 5 to 9 from a few pictures, Keras's "Transfer learning &
// fine-tuning".
import { Input, layers, Model, np, optimizers, Sequential, type Tensor, utils } from "tsuno";
import { drawDigits, size } from "./data/digits.ts";

utils.setRandomSeed(1);

// Data: many pictures of small digits, few of large ones.
const { x, y } = drawDigits(1600);
const digit = y.arraySync() as number[];
const choose = (is: (d: number) => boolean): { x: Tensor; y: Tensor } => {
  const rows = digit.flatMap((d, n) => (is(d) ? [n] : []));
  return { x: np.take(x, rows, { axis: 0 }), y: np.array(rows.map((n) => digit[n]! % 5)) };
};
const small = choose((d) => d < 5);
const large = choose((d) => d >= 5);

// A network for the small digits.
const base = new Sequential(
  [
    Input([size, size, 1]),
    new layers.Conv2D(32, 3, { activation: "relu" }),
    new layers.MaxPooling2D(),
    new layers.Conv2D(32, 3, { activation: "relu" }),
    new layers.Flatten(),
    new layers.Dense(32, { activation: "relu" }),
  ],
  { name: "base" },
);
const first = new Sequential([base, new layers.Dense(5, { activation: "softmax" })]);
first.compile({ optimizer: "adam", loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] });
await first.fit(small.x, small.y, { epochs: 8, verbose: 0 });
console.log(
  "small digits:",
  (await first.evaluate(small.x, small.y, { verbose: 0 })).map((v) => v.toFixed(3)).join(", "),
);

// Freeze what it has learned, and put a new top on it.
base.trainable = false;
const inputs = Input([size, size, 1]);
const features = base(inputs, { training: false });
const outputs = new layers.Dense(5, { activation: "softmax" })(features);
const model = new Model({ inputs, outputs });
model.compile({
  optimizer: new optimizers.Adam({ learningRate: 1e-2 }),
  loss: "sparse_categorical_crossentropy",
  metrics: ["accuracy"],
});
console.log(`${model.trainableWeights.length} of ${model.weights.length} weights are trained`);
const [few, rest] = [
  [0, 200],
  [200, large.y.size],
] as const;
await model.fit(large.x.slice(...few), large.y.slice(...few), { epochs: 12, verbose: 0 });
const [, frozen] = await model.evaluate(large.x.slice(...rest), large.y.slice(...rest), { verbose: 0 });
console.log(`large digits, frozen base: accuracy ${frozen!.toFixed(3)}`);

// Thaw it for a round of fine-tuning with a low learning rate; compiling makes the change take effect.
base.trainable = true;
model.compile({
  optimizer: new optimizers.Adam({ learningRate: 1e-3 }),
  loss: "sparse_categorical_crossentropy",
  metrics: ["accuracy"],
});
await model.fit(large.x.slice(...few), large.y.slice(...few), { epochs: 12, verbose: 0 });
const [, tuned] = await model.evaluate(large.x.slice(...rest), large.y.slice(...rest), { verbose: 0 });
console.log(`large digits, fine-tuned: accuracy ${tuned!.toFixed(3)}`);
