// Depthwise and separable convolutions: the blocks of MobileNet and Xception, with few weights, on digits.
import { Input, layers, Model, optimizers, utils } from "tsuno";
import { drawDigits, size } from "./data/digits.ts";

utils.setRandomSeed(1);

const inputs = Input([size, size, 1]);
let x = new layers.Rescaling(2, { offset: -1 })(inputs);
x = new layers.Conv2D(16, 3, { strides: 2, padding: "same", useBias: false })(x);
x = new layers.BatchNormalization({ momentum: 0.9 })(x);
x = new layers.ReLU({ maxValue: 6 })(x);

// MobileNet: a filter for each channel, then a mixture of channels at each place.
x = new layers.DepthwiseConv2D(3, { padding: "same", useBias: false })(x);
x = new layers.BatchNormalization({ momentum: 0.9 })(x);
x = new layers.ReLU({ maxValue: 6 })(x);
x = new layers.Conv2D(32, 1, { useBias: false })(x);
x = new layers.BatchNormalization({ momentum: 0.9 })(x);
x = new layers.ReLU({ maxValue: 6 })(x);

// Xception: both in one layer.
x = new layers.SeparableConv2D(48, 3, { padding: "same", activation: "relu" })(x);
x = new layers.Flatten()(x);
const model = new Model({ inputs, outputs: new layers.Dense(10, { activation: "softmax" })(x) });
console.log(`${model.countParams()} weights`);

const train = drawDigits(768);
const test = drawDigits(256);
model.compile({
  optimizer: new optimizers.Adam({ learningRate: 0.005 }),
  loss: "sparse_categorical_crossentropy",
  metrics: ["accuracy"],
});
await model.fit(train.x, train.y, { batchSize: 32, epochs: 5, verbose: 2 });
const [, accuracy] = await model.evaluate(test.x, test.y, { verbose: 0 });
console.log(`Test accuracy: ${accuracy!.toFixed(3)}`);
