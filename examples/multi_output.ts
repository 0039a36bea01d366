// One network, two tasks: which digit is it, and where does it stand? Losses, weights and metrics by output.
import { Input, layers, Model, np, utils } from "tsuno";
import { drawDigits, size } from "./data/digits.ts";

utils.setRandomSeed(1);

const { x, y: digit } = drawDigits(1024, 4);
// The place is the centre of the ink.
const ink = np.where(np.greater(x, 0.5), x, 0).reshape(-1, size, size);
const total = np.sum(ink, { axis: [1, 2] });
const along = np.arange(size).astype("float32");
const place = np
  .stack(
    [
      np.sum(np.sum(ink, { axis: 2 }).multiply(along), { axis: 1 }).divide(total),
      np.sum(np.sum(ink, { axis: 1 }).multiply(along), { axis: 1 }).divide(total),
    ],
    { axis: 1 },
  )
  .divide(size);

const inputs = Input([size, size, 1], { name: "picture" });
let h = new layers.Conv2D(16, 3, { activation: "relu" })(inputs);
h = new layers.MaxPooling2D()(h);
h = new layers.Flatten()(h);
h = new layers.Dense(64, { activation: "relu" })(h);
const model = new Model({
  inputs,
  outputs: {
    digit: new layers.Dense(4, { activation: "softmax", name: "digit" })(h),
    place: new layers.Dense(2, { name: "place" })(h),
  },
});
model.compile({
  optimizer: "adam",
  loss: { digit: "sparse_categorical_crossentropy", place: "mse" },
  lossWeights: { digit: 1, place: 10 },
  metrics: { digit: "accuracy", place: "mae" },
});
model.summary();
await model.fit(x, { digit, place }, { batchSize: 32, epochs: 10, validationSplit: 0.2, verbose: 2 });

const results = await model.evaluate(
  x.slice(819, 1024),
  { digit: digit.slice(819, 1024), place: place.slice(819, 1024) },
  { verbose: 0, returnDict: true },
);
console.log(
  `digit_accuracy: ${results["digit_accuracy"]!.toFixed(3)} - place_mae: ${results["place_mae"]!.toFixed(4)}`,
);
const predicted = await model.predict(x.slice(0, 1), { verbose: 0 });
console.log(
  "first picture: digit",
  np.argmax(predicted.digit, { axis: -1 }).toString(),
  "place",
  predicted.place.multiply(size).toString(),
);
