// A small convolutional network reads digits: Keras's "Simple MNIST convnet".
import { Input, layers, optimizers, Sequential, utils } from "tsuno";
import { drawDigits, size } from "./data/digits.ts";

utils.setRandomSeed(1);
const numClasses = 10;

const train = drawDigits(1024);
const test = drawDigits(256);
const yTrain = utils.toCategorical(train.y, numClasses);
const yTest = utils.toCategorical(test.y, numClasses);
console.log(`${train.x.shape[0]} train samples, ${test.x.shape[0]} test samples`);

const model = new Sequential([
  Input([size, size, 1]),
  new layers.Conv2D(32, 3, { activation: "relu" }),
  new layers.MaxPooling2D(),
  new layers.Conv2D(32, 3, { activation: "relu" }),
  new layers.Flatten(),
  new layers.Dropout(0.25),
  new layers.Dense(numClasses, { activation: "softmax" }),
]);
model.summary();

model.compile({
  loss: "categorical_crossentropy",
  optimizer: new optimizers.Adam({ learningRate: 0.003 }),
  metrics: ["accuracy"],
});
await model.fit(train.x, yTrain, { batchSize: 32, epochs: 8, validationSplit: 0.1, verbose: 2 });

const [loss, accuracy] = await model.evaluate(test.x, yTest, { verbose: 0 });
console.log(`Test loss: ${loss!.toFixed(3)}`);
console.log(`Test accuracy: ${accuracy!.toFixed(3)}`);
